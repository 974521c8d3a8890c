using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Solana.Blocks;
using Mev.Sdk.Ingest.Solana.Diagnostics;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Solana.Chain;

/// <summary>The one way from a chain source to the intake: numbers records, drops what was delivered before, writes down what is missing.</summary>
/// <remarks>
/// Every member but <see cref="EnterAsync"/> and <see cref="Exit"/> is for whoever entered: a source's stream and what fills its gaps take turns.
/// </remarks>
internal sealed class ChainStream(ChainContext context, IRecordIntake intake, ulong nextSequence, SlotBook book) : IDisposable
{
    /// <summary>The longest frame that the journal takes (docs/journal-format.md, "Block"); a longer one would end the intake of every source.</summary>
    public const int MaxFrameBytes = 64 << 20;

    private const int BatchBytes = 1 << 20;

    // Of a longer gap the book need not know every slot: its neighbours tell.
    private const ulong MostMarked = 4096;

    private readonly SemaphoreSlim _turn = new(1);
    private readonly List<ReadOnlyMemory<byte>> _chunks = [];
    private readonly List<SlotRecord> _news = [];
    private byte[] _pending = ArrayPool<byte>.Shared.Rent(2 * BatchBytes);
    private int _length;
    private int _count;
    private long _duplicates;
    private ulong _lastTime;

    public ChainContext Context => context;

    public SlotBook Book => book;

    /// <summary>Number of the next record.</summary>
    public ulong Next { get; private set; } = nextSequence;

    /// <summary>Whether records wait for <see cref="FlushAsync"/>.</summary>
    public bool HasPending => _count > 0;

    /// <summary>Whether so much waits that it should go.</summary>
    public bool IsFull => _length >= BatchBytes;

    /// <summary>What is said of a record that is longer than <see cref="MaxFrameBytes"/>.</summary>
    public static string TooLong(int length) =>
        string.Create(CultureInfo.InvariantCulture, $"its record would have {length} bytes, the journal takes at most {MaxFrameBytes}");

    public Task EnterAsync(CancellationToken cancellationToken) => _turn.WaitAsync(cancellationToken);

    public void Exit() => _turn.Release();

    /// <summary>Room for one frame, which <see cref="Commit"/> then takes.</summary>
    public Span<byte> Reserve(int length)
    {
        if (_pending.Length - _length < length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(_length + length), 2 * _pending.Length));
            _pending.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_pending);
            _pending = larger;
        }

        return _pending.AsSpan(_length, length);
    }

    /// <summary>Takes the frame that was written to <see cref="Reserve"/>, numbered <see cref="Next"/>.</summary>
    public void Commit(int length, ulong timeNanoseconds)
    {
        _length += length;
        _count++;
        Next++;
        _lastTime = timeNanoseconds != 0 ? timeNanoseconds : _lastTime;
    }

    public void OnDuplicate() => _duplicates++;

    /// <summary>Appends a record of fixed length.</summary>
    public void Append<T>(in T record, ulong timeNanoseconds)
        where T : unmanaged, IMessageLayout
    {
        var length = FrameSize.Of<T>().Total;
        FrameWriter.Begin(Reserve(length), in record).Complete(Next, timeNanoseconds);
        Commit(length, timeNanoseconds);
    }

    /// <summary>A node said how far a slot has come.</summary>
    public void AppendStage(ulong slot, ulong parent, SightingStage stage, ulong timeNanoseconds)
    {
        _news.Clear();
        SlotStages.On(book, slot, parent, stage, _news);
        var now = timeNanoseconds != 0 ? timeNanoseconds : context.NowNanoseconds();
        foreach (ref var news in CollectionsMarshal.AsSpan(_news))
        {
            news.TimeNanoseconds = now;
            Append(in news, timeNanoseconds);
            ChainMetrics.Stages.Add(1, context.Tag, new KeyValuePair<string, object?>("stage", news.Stage.ToString()));
        }
    }

    /// <summary>Shows everything that waits to the intake.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        Count();
        if (_count == 0)
        {
            return;
        }

        var (array, length, count) = (_pending, _length, _count);
        _pending = ArrayPool<byte>.Shared.Rent(2 * BatchBytes);
        _length = _count = 0;
        var batch = RecordBatch.Own(array, length, count, new StreamPosition(context.SourceId, context.SessionId, Next - (ulong)count));
        try
        {
            await intake.WriteAsync(batch, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            batch.Release();
        }

        context.Watch.OnRecords(count, length, Next - 1, _lastTime);
    }

    /// <summary>Delivers a block: the transactions that were not delivered yet, then its record, which closes the slot.</summary>
    /// <param name="block">The block; its frames are stamped in place.</param>
    /// <param name="filter">Which transactions are wanted; null = all.</param>
    /// <param name="cancellationToken">Gives up waiting for the intake.</param>
    public async ValueTask DeliverAsync(DecodedBlock block, Func<ReadOnlyMemory<byte>, bool>? filter, CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken).ConfigureAwait(false);
        var slot = block.Block.Slot;
        var known = book.Find(slot);
        var first = Next;
        var bytes = 0;
        foreach (var slice in block.Transactions)
        {
            if (known is not null && known.Contains(slice.Key))
            {
                _duplicates++;
                continue;
            }

            if (filter is not null && !filter(block[slice]))
            {
                continue;
            }

            // A slot too old for the book is one of a gap: nothing else asks for it.
            book.AddTransaction(slot, slice.Key);
            bytes = Take(block, slice, bytes);
            if (bytes >= BatchBytes)
            {
                await SendAsync(first, bytes, cancellationToken).ConfigureAwait(false);
                (first, bytes) = (Next, 0);
            }
        }

        if (known is not { HasBlock: true })
        {
            book.AddBlock(in block.Block);
            bytes = Take(block, block.BlockFrame, bytes);
            ChainMetrics.Blocks.Add(1, context.Tag);
        }
        else
        {
            _duplicates++;
        }

        await SendAsync(first, bytes, cancellationToken).ConfigureAwait(false);
        Count();
        if (block.Unreadable > 0)
        {
            ChainMetrics.Unreadable.Add(block.Unreadable, context.Tag);
            Missing(slot, slot, GapState.Final, GapCause.Unspecified, string.Create(CultureInfo.InvariantCulture, $"{block.Unreadable} transactions cannot be read; {block.Problem}"), (ulong)block.Unreadable);
        }
    }

    /// <summary>Writes slots down of which something is missing; the gap takes one sequence a slot, or a record where their number is known.</summary>
    /// <remarks>Flush first. More than a year of slots takes one sequence and is final: nobody fills it.</remarks>
    public SlotGap Missing(ulong firstSlot, ulong lastSlot, GapState state, GapCause cause, string reason, ulong records = 0)
    {
        if (lastSlot - firstSlot >= SlotBook.MaxAhead)
        {
            // A slot number that cannot be right; so many numbers set aside would leave the session none.
            (records, state) = (1, GapState.Final);
        }

        var width = records != 0 ? records : lastSlot - firstSlot + 1;
        var gap = new SlotGap(firstSlot, lastSlot, Next, Next + width - 1, state, cause, reason);
        Next += width;
        for (var slot = firstSlot; records == 0 && slot != 0 && slot <= lastSlot && slot - firstSlot < MostMarked; slot++)
        {
            if (book.Get(slot) is { } missing)
            {
                missing.IsMissing = true;
                missing.IsOpen = state == GapState.Open;
            }
        }

        context.Write(gap);
        context.Watch.OnGap(state, cause);
        ChainMetrics.MissingSlots.Add((long)Math.Min(lastSlot - firstSlot + 1, SlotBook.MaxAhead), context.Tag, new KeyValuePair<string, object?>("cause", cause.ToString()));
        return gap;
    }

    /// <summary>
    /// Slots of a gap were filled: the sequences that stood for them become records that account for each slot, so that the session's numbers
    /// have no hole left. Flush first.
    /// </summary>
    /// <param name="gap">The gap's part that was filled; one sequence a slot.</param>
    /// <param name="present">Its slots that have blocks.</param>
    /// <param name="cancellationToken">Gives up waiting for the intake.</param>
    public async ValueTask AccountForAsync(SlotGap gap, IReadOnlySet<ulong> present, CancellationToken cancellationToken)
    {
        var length = FrameSize.Of<SlotRecord>().Total;
        var count = (int)(gap.LastSlot - gap.FirstSlot + 1);
        var array = ArrayPool<byte>.Shared.Rent(length * count);
        var now = context.NowNanoseconds();
        for (var i = 0; i < count; i++)
        {
            var slot = gap.FirstSlot + (ulong)i;
            var record = new SlotRecord { Slot = slot, TimeNanoseconds = now, Stage = present.Contains(slot) ? SightingStage.Confirmed : SightingStage.Dropped };
            FrameWriter.Begin(array.AsSpan(i * length, length), in record).Complete(gap.FirstSequence + (ulong)i, 0);
        }

        var batch = RecordBatch.Own(array, length * count, count, new StreamPosition(context.SourceId, context.SessionId, gap.FirstSequence));
        try
        {
            await intake.WriteAsync(batch, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            batch.Release();
        }

        context.Watch.OnRecords(count, length * count, Next - 1, 0);
    }

    /// <summary>What was missing was delivered since, or never will be. Flush first.</summary>
    public void Resolve(SlotGap gap, GapState state, string reason)
    {
        for (var slot = gap.FirstSlot; slot <= gap.LastSlot && slot - gap.FirstSlot < MostMarked; slot++)
        {
            if (book.Find(slot) is { } open)
            {
                open.IsOpen = false;
                open.IsMissing = state != GapState.Healed;
            }
        }

        context.Write(gap with { State = state, Reason = reason });
    }

    public void Dispose()
    {
        _turn.Dispose();
        ArrayPool<byte>.Shared.Return(_pending);
        _pending = [];
    }

    private int Take(DecodedBlock block, FrameSlice slice, int bytes)
    {
        var memory = block[slice];
        FrameWriter.Stamp(memory.Span, Next++, 0);
        if (_chunks.Count > 0 && MemoryMarshal.TryGetArray(_chunks[^1], out var last) && MemoryMarshal.TryGetArray<byte>(memory, out var here) && last.Offset + last.Count == here.Offset)
        {
            _chunks[^1] = here.Array.AsMemory(last.Offset, last.Count + here.Count);
        }
        else
        {
            _chunks.Add(memory);
        }

        return bytes + slice.Length;
    }

    private async ValueTask SendAsync(ulong first, int bytes, CancellationToken cancellationToken)
    {
        if (_chunks.Count == 0)
        {
            return;
        }

        var count = (int)(Next - first);
        var batch = RecordBatch.Borrow([.. _chunks], count, new StreamPosition(context.SourceId, context.SessionId, first));
        _chunks.Clear();
        try
        {
            await intake.WriteAsync(batch, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            batch.Release();
        }

        context.Watch.OnRecords(count, bytes, Next - 1, 0);
    }

    private void Count()
    {
        if (_duplicates > 0)
        {
            context.Watch.OnDuplicates(_duplicates);
            ChainMetrics.Duplicates.Add(_duplicates, context.Tag);
            _duplicates = 0;
        }
    }
}
