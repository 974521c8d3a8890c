using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Mev.Sdk.Ingest.Solana.Chain;

/// <summary>Sessions of chain sources: docs/chain-sources.md, "Identity".</summary>
internal static class ChainSessions
{
    /// <summary>The session of one kind of source on one cluster; the same after every restart, never 0.</summary>
    /// <param name="kind">The kind of source.</param>
    /// <param name="cluster">The cluster's genesis hash, or what else tells clusters apart; may be empty.</param>
    public static ulong Of(string kind, string cluster)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"mev-chain-source 1\0{kind}\0{cluster}"));
        return Math.Max(1, BinaryPrimitives.ReadUInt64LittleEndian(hash));
    }
}
