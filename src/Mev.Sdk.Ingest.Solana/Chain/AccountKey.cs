using System.Runtime.InteropServices;

namespace Mev.Sdk.Ingest.Solana.Chain;

/// <summary>One write of one account, folded to 16 bytes.</summary>
internal static class AccountKey
{
    public static UInt128 Of(in Pubkey account, ulong writeVersion)
    {
        var bytes = Pubkey.AsSpan(in account);
        return (MemoryMarshal.Read<UInt128>(bytes) ^ UInt128.RotateLeft(MemoryMarshal.Read<UInt128>(bytes[16..]), 64)) + writeVersion;
    }
}
