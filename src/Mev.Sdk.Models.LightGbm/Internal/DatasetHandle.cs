using Microsoft.Win32.SafeHandles;

namespace Mev.Sdk.Models.LightGbm.Internal;

/// <summary>Owns a native dataset and frees it once.</summary>
internal sealed class DatasetHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle() => NativeMethods.LGBM_DatasetFree(handle) == 0;
}
