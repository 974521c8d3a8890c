using Microsoft.Win32.SafeHandles;

namespace Mev.Sdk.Models.LightGbm.Internal;

/// <summary>Owns a native single-row configuration and frees it once.</summary>
internal sealed class FastConfigHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle() => NativeMethods.LGBM_FastConfigFree(handle) == 0;
}
