using System.Runtime.CompilerServices;

namespace Mev.Sdk.Storage.Archive.Coding;

/// <summary>Names of contexts: what is known when a symbol is coded, mixed into 32 bits.</summary>
/// <remarks>Part of the format: a change of any constant here changes every archive. The mixing steps are those of MurmurHash3's finaliser (Austin Appleby, public domain).</remarks>
internal static class Context
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Of(uint a, uint b)
    {
        var hash = (a * 0x9E3779B1u) ^ ((b + 0x7F4A7C15u) * 0x85EBCA6Bu);
        hash ^= hash >> 15;
        hash *= 0xC2B2AE35u;
        return hash ^ (hash >> 13);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Of(uint a, uint b, uint c) => Of(Of(a, b), c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Of(uint a, uint b, uint c, uint d) => Of(Of(Of(a, b), c), d);
}
