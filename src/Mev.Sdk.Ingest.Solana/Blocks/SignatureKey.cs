using System.Runtime.InteropServices;

namespace Mev.Sdk.Ingest.Solana.Blocks;

/// <summary>A signature folded to 16 bytes, to remember many of them.</summary>
/// <remarks>
/// Both halves go in: whoever signs can repeat the first half at will, but not choose the second one with it, so that two transactions of one fold cost
/// about 2^64 signatures.
/// </remarks>
internal static class SignatureKey
{
    public static UInt128 Of(ReadOnlySpan<byte> signature) =>
        MemoryMarshal.Read<UInt128>(signature) ^ MemoryMarshal.Read<UInt128>(signature[32..]);

    public static UInt128 Of(in Signature signature) => Of(Signature.AsSpan(in signature));
}
