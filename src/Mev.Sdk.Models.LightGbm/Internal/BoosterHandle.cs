using Microsoft.Win32.SafeHandles;

namespace Mev.Sdk.Models.LightGbm.Internal;

/// <summary>Owns a native booster and frees it once.</summary>
internal sealed class BoosterHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle() => NativeMethods.LGBM_BoosterFree(handle) == 0;
}
