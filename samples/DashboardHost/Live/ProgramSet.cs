using System.Runtime.CompilerServices;
using Mev.Sdk.Solana.Meta;
using Mev.Sdk.Solana.Transactions;

namespace Mev.Sdk.DashboardHost.Live;

/// <summary>Programs that a transaction called, outer and inner, as 64-bit hashes in fixed memory.</summary>
/// <remarks>Of more than twelve the later ones are left out; real transactions call fewer. No more than 1,024 inner instructions are looked at.</remarks>
internal struct ProgramSet
{
    private const int MaxPrograms = 12;

    // The runtime executes fewer in one transaction; a source can claim any number.
    private const int MaxInner = 1_024;

    private Hashes _hashes;
    private int _count;

    /// <summary>Reads the bytes; nothing is known of those that cannot be read.</summary>
    public static ProgramSet From(ReadOnlySpan<byte> wire, ReadOnlySpan<byte> meta)
    {
        var programs = default(ProgramSet);
        if (!WireTransaction.TryParse(wire, out var transaction))
        {
            return programs;
        }

        // A program is always a static key: lookups cannot load what is invoked from outside, but what programs invoke may be loaded.
        var keys = transaction.StaticKeys;
        foreach (var instruction in transaction.Instructions)
        {
            if (!programs.Add(KeyHash.Of(in keys[instruction.ProgramIndex])))
            {
                return programs;
            }
        }

        // A meta that loaded other keys than the lookups ask for is not this transaction's.
        if (StatusMeta.TryParse(meta, out var status)
            && status.LoadedWritableCount == transaction.LoadedWritableCount
            && status.LoadedReadonlyCount == transaction.LoadedReadonlyCount)
        {
            programs.AddInner(in transaction, in status);
        }

        return programs;
    }

    public readonly bool Contains(in Pubkey program) => Contains(KeyHash.Of(in program));

    private readonly bool Contains(ulong hash)
    {
        for (var i = 0; i < _count; i++)
        {
            if (_hashes[i] == hash)
            {
                return true;
            }
        }

        return false;
    }

    private void AddInner(in WireTransaction transaction, in StatusMeta status)
    {
        Span<ulong> hashes = stackalloc ulong[WireTransaction.MaxKeys];
        var known = 0;
        var left = MaxInner;
        foreach (var instruction in status.InnerInstructions)
        {
            if (left-- == 0)
            {
                return;
            }

            // Once for all instructions: the loaded keys have no index.
            if (known == 0)
            {
                known = ReadKeys(in transaction, in status, hashes);
            }

            if (instruction.ProgramIndex < known && !Add(hashes[(int)instruction.ProgramIndex]))
            {
                return;
            }
        }
    }

    // The parser lets no more through than an index can name.
    private static int ReadKeys(in WireTransaction transaction, in StatusMeta status, Span<ulong> hashes)
    {
        var count = 0;
        foreach (ref readonly var key in transaction.StaticKeys)
        {
            hashes[count++] = KeyHash.Of(in key);
        }

        foreach (ref readonly var key in status.LoadedWritable)
        {
            hashes[count++] = KeyHash.Of(in key);
        }

        foreach (ref readonly var key in status.LoadedReadonly)
        {
            hashes[count++] = KeyHash.Of(in key);
        }

        return count;
    }

    /// <returns>Whether there is room for another one.</returns>
    private bool Add(ulong hash)
    {
        if (!Contains(hash))
        {
            _hashes[_count++] = hash;
        }

        return _count < MaxPrograms;
    }

    [InlineArray(MaxPrograms)]
    private struct Hashes
    {
        private ulong _first;
    }
}
