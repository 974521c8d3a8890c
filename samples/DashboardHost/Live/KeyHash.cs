using System.Buffers.Binary;

namespace Mev.Sdk.DashboardHost.Live;

/// <summary>A key in 64 bits: by chance two of a million keys are the same once in 37 million such sets.</summary>
internal static class KeyHash
{
    public static ulong Of(ref readonly Pubkey key)
    {
        // The last words: vanity addresses share their first characters. Programs of the runtime are mostly zero but differ within the first.
        var bytes = Pubkey.AsSpan(in key);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes) * 0x9E37_79B9_7F4A_7C15
            ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]) * 0xC2B2_AE3D_27D4_EB4F
            ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]);
    }
}
