using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Mev.Sdk.Storage.Archive.Columns;
using Mev.Sdk.Storage.Archive.Transactions;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Archive;

/// <summary>Counts in how many transactions each key is named, in bounded memory, and makes a <see cref="KeyDictionary"/> of the most frequent.</summary>
/// <remarks>
/// <para>
/// Not thread-safe. It is fed what an archive or a journal already holds, or any other records; a transaction's keys are those of its message, the accounts and tables of its lookups, and the
/// mints and owners of its token balances. Keys that every archive block knows anyway are left out.
/// </para>
/// <para>
/// While no more keys were met than are tracked, counts are exact. Then, each time the table is full, the median count is taken off all of them and what is left without
/// goes (the frequent-items sketch of Misra and Gries in the form that Apache DataSketches uses): a count may then be too low, by <see cref="MaxError"/> at most, never too high. So no key
/// gets in that was not named as often as asked, and one that was named more often than <see cref="MaxError"/> beyond that is never missed for it.
/// </para>
/// </remarks>
public sealed class KeyDictionaryBuilder
{
    /// <summary>Keys tracked by default: 1,048,576, about 64 MB.</summary>
    public const int DefaultTrackedKeys = 1 << 20;

    private readonly int _trackedKeys;
    private readonly Dictionary<Pubkey, Sightings> _counts = [];
    private readonly TransactionModel _model = new();
    private readonly HashSet<Pubkey> _wellKnown = [.. WellKnownKeys.All];
    private uint _stamp;

    /// <summary>Creates a builder that has counted nothing.</summary>
    /// <param name="trackedKeys">Most keys that are counted at a time, at least 2; default <see cref="DefaultTrackedKeys"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="trackedKeys"/> is below 2.</exception>
    public KeyDictionaryBuilder(int trackedKeys = DefaultTrackedKeys)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trackedKeys, 2);
        _trackedKeys = trackedKeys;
    }

    /// <summary>Transactions counted.</summary>
    public long Transactions { get; private set; }

    /// <summary>By how much a count may be too low; 0 = counts are exact.</summary>
    public long MaxError { get; private set; }

    /// <summary>Counts the transactions of a batch.</summary>
    /// <param name="batch">The records; not released.</param>
    public void Add(RecordBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        foreach (var record in batch)
        {
            Add(record.Frame);
        }
    }

    /// <summary>Counts a transaction.</summary>
    /// <param name="frame">A whole frame of a record.</param>
    /// <returns>False when it is another kind of record, or a transaction that archives do not take apart; nothing is counted then.</returns>
    public bool Add(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < FrameHeader.Size
            || MemoryMarshal.AsRef<FrameHeader>(frame).TemplateId != TemplateIds.Transaction
            || !TransactionFrame.TryRead(frame, out var parts)
            || !TransactionReader.TryRead(frame.Slice(parts.WireAt, parts.WireLength), frame.Slice(parts.MetaAt, parts.MetaLength), _model))
        {
            return false;
        }

        Transactions++;
        _stamp++;
        foreach (ref readonly var key in _model.Keys.Written)
        {
            Count(in key);
        }

        foreach (ref readonly var lookup in _model.Lookups.Written)
        {
            Count(in lookup.Table);
        }

        foreach (ref readonly var token in _model.Tokens.AsSpan(0, _model.KeyCount))
        {
            if (token.IsBefore || token.IsAfter)
            {
                Count(in token.Mint);
                Count(in token.Owner);
            }
        }

        return true;
    }

    /// <summary>Makes a generation of what was counted so far; counting may go on.</summary>
    /// <param name="maxKeys">Most keys in it, 1 to <see cref="KeyDictionary.MaxKeys"/>; default the latter.</param>
    /// <param name="minTransactions">Transactions that must have named a key, at least 1; default 2.</param>
    /// <returns>The most frequent keys, those of one count by their bytes, so that equal counts make equal generations; null when no key was named often enough.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public KeyDictionary? Build(int maxKeys = KeyDictionary.MaxKeys, int minTransactions = 2)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxKeys, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxKeys, KeyDictionary.MaxKeys);
        ArgumentOutOfRangeException.ThrowIfLessThan(minTransactions, 1);
        var frequent = new List<(uint Count, Pubkey Key)>();
        foreach (var (key, sightings) in _counts)
        {
            if (sightings.Count >= minTransactions)
            {
                frequent.Add((sightings.Count, key));
            }
        }

        frequent.Sort(static (a, b) => a.Count != b.Count ? b.Count.CompareTo(a.Count) : Pubkey.AsSpan(in a.Key).SequenceCompareTo(Pubkey.AsSpan(in b.Key)));
        var keys = new Pubkey[Math.Min(maxKeys, frequent.Count)];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = frequent[i].Key;
        }

        return keys.Length == 0 ? null : KeyDictionary.Create(keys);
    }

    private void Count(in Pubkey key)
    {
        if (_wellKnown.Contains(key))
        {
            return;
        }

        ref var sightings = ref CollectionsMarshal.GetValueRefOrNullRef(_counts, key);
        if (Unsafe.IsNullRef(ref sightings))
        {
            if (_counts.Count >= _trackedKeys)
            {
                Purge();
            }

            sightings = ref CollectionsMarshal.GetValueRefOrAddDefault(_counts, key, out _);
        }

        // A key that is an account and an owner too, or is there twice, counts once.
        if (sightings.LastTransaction != _stamp)
        {
            sightings.LastTransaction = _stamp;
            sightings.Count++;
        }
    }

    // Half of the keys go, or more, so that the cost of a purge is spread over as many new ones.
    private void Purge()
    {
        var counts = new uint[_counts.Count];
        var at = 0;
        foreach (var sightings in _counts.Values)
        {
            counts[at++] = sightings.Count;
        }

        Array.Sort(counts);
        var median = counts[counts.Length / 2];
        MaxError += median;

        // Removing and changing values in place are what a dictionary allows while it is walked.
        foreach (var key in _counts.Keys)
        {
            ref var sightings = ref CollectionsMarshal.GetValueRefOrNullRef(_counts, key);
            if (sightings.Count <= median)
            {
                _counts.Remove(key);
            }
            else
            {
                sightings.Count -= median;
            }
        }
    }

    private struct Sightings
    {
        public uint Count;
        public uint LastTransaction;
    }
}
