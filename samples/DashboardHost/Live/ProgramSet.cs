using System.Runtime.CompilerServices;
using Mev.Sdk.Solana.Meta;
using Mev.Sdk.Solana.Transactions;

namespace Mev.Sdk.DashboardHost.Live;

/// <summary>Programs that a transaction called, outer and inner, as 64-bit hashes in fixed memory.</summary>
/// <remarks>Of more than twelve the later ones are left out; real transactions call fewer.</remarks>
internal struct ProgramSet
{
    private const int MaxPrograms = 12;

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
            programs.Add(in keys[instruction.ProgramIndex]);
        }

        if (StatusMeta.TryParse(meta, out var status))
        {
            foreach (var instruction in status.InnerInstructions)
            {
                programs.Add(in transaction, in status, (int)Math.Min(instruction.ProgramIndex, int.MaxValue));
            }
        }

        return programs;
    }

    public readonly bool Contains(in Pubkey program)
    {
        var hash = KeyHash.Of(in program);
        for (var i = 0; i < _count; i++)
        {
            if (_hashes[i] == hash)
            {
                return true;
            }
        }

        return false;
    }

    private void Add(in WireTransaction transaction, in StatusMeta status, int index)
    {
        if (index < transaction.StaticKeyCount)
        {
            Add(in transaction.StaticKeys[index]);
            return;
        }

        index -= transaction.StaticKeyCount;
        var loaded = index < status.LoadedWritableCount ? status.LoadedWritable : status.LoadedReadonly;
        for (var skip = index < status.LoadedWritableCount ? index : index - status.LoadedWritableCount; loaded.MoveNext(); skip--)
        {
            if (skip == 0)
            {
                Add(in loaded.Current);
                return;
            }
        }
    }

    private void Add(ref readonly Pubkey program)
    {
        if (_count < MaxPrograms && !Contains(in program))
        {
            _hashes[_count++] = KeyHash.Of(in program);
        }
    }

    [InlineArray(MaxPrograms)]
    private struct Hashes
    {
        private ulong _first;
    }
}
