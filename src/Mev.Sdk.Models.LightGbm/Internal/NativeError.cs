using System.Runtime.InteropServices;

namespace Mev.Sdk.Models.LightGbm.Internal;

internal static class NativeError
{
    public static void ThrowIfFailed(int result, string what)
    {
        if (result != 0)
        {
            throw new LightGbmException($"LightGBM failed while {what}: {Marshal.PtrToStringUTF8(NativeMethods.LGBM_GetLastError())}");
        }
    }
}
