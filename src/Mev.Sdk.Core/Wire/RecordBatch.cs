using System.Buffers;
using System.Runtime.InteropServices;

namespace Mev.Sdk.Wire;

/// <summary>A lease on consecutive records of one source: whole, checked frames where the transport put them.</summary>
/// <remarks>
/// <para>Reference counted. The creator owns one count and gives it back with <see cref="Release"/>; whoever wants to keep the records longer
/// than the call that showed them takes <see cref="Retain"/>. A batch over a pipe's memory is borrowed: its memory goes back to the pipe
/// when the sink's write completes, so retaining it copies it once into pooled memory.</para>
/// <para>Reading is thread-safe; the count is atomic. Reading after the last release is an error that is not always detected.</para>
/// <para><see cref="BatchLeases"/> has a debug mode that finds batches nobody released.</para>
/// </remarks>
public sealed class RecordBatch
{
    private readonly ReadOnlyMemory<byte>[] _chunks;
    private readonly byte[]? _pooled;
    private readonly bool _borrowed;
    private readonly BatchLease? _lease;
    private List<byte[]>? _arena;
    private int _references = 1;

    private RecordBatch(ReadOnlyMemory<byte>[] chunks, byte[]? pooled, bool borrowed, int count, StreamPosition first, Lsn firstLsn)
    {
        _chunks = chunks;
        _pooled = pooled;
        _borrowed = borrowed;
        Count = count;
        First = first;
        FirstLsn = firstLsn;
        foreach (var chunk in chunks)
        {
            ByteCount += chunk.Length;
        }

        if (BatchLeases.IsTracking)
        {
            _lease = new BatchLease(first, count);
        }
    }

    /// <summary>Records in the batch.</summary>
    public int Count { get; }

    /// <summary>Source, session and sequence of the first record; the others follow without a gap.</summary>
    public StreamPosition First { get; }

    /// <summary>LSN of the first record, or <see cref="Lsn.None"/> before the sequencer; the others follow without a gap.</summary>
    public Lsn FirstLsn { get; private set; }

    /// <summary>LSN of the last record.</summary>
    public Lsn LastLsn => FirstLsn.Add((ulong)Count - 1);

    /// <summary>Bytes of all frames.</summary>
    public long ByteCount { get; }

    /// <summary>The frames' memory in order; each chunk holds whole frames.</summary>
    public ReadOnlySpan<ReadOnlyMemory<byte>> Chunks => _chunks;

    /// <summary>Makes a batch over memory that belongs to somebody else and is only lent for the duration of a write.</summary>
    /// <param name="chunks">Whole checked frames.</param>
    /// <param name="count">How many frames.</param>
    /// <param name="first">Position of the first one.</param>
    /// <param name="firstLsn">Its LSN, when it has one.</param>
    /// <returns>A batch with one reference.</returns>
    public static RecordBatch Borrow(ReadOnlyMemory<byte>[] chunks, int count, StreamPosition first, Lsn firstLsn = default)
    {
        ArgumentNullException.ThrowIfNull(chunks);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return new RecordBatch(chunks, pooled: null, borrowed: true, count, first, firstLsn);
    }

    /// <summary>Makes a batch that owns a rented array and returns it to the shared pool with its last reference.</summary>
    /// <param name="rented">An array of <see cref="ArrayPool{T}.Shared"/>.</param>
    /// <param name="length">Bytes of frames at its front.</param>
    /// <param name="count">How many frames.</param>
    /// <param name="first">Position of the first one.</param>
    /// <param name="firstLsn">Its LSN, when it has one.</param>
    /// <returns>A batch with one reference.</returns>
    public static RecordBatch Own(byte[] rented, int length, int count, StreamPosition first, Lsn firstLsn = default)
    {
        ArgumentNullException.ThrowIfNull(rented);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return new RecordBatch([rented.AsMemory(0, length)], rented, borrowed: false, count, first, firstLsn);
    }

    /// <summary>Gives the batch its LSNs; the sequencer does this once, before anyone else sees the batch.</summary>
    /// <param name="firstLsn">LSN of the first record.</param>
    /// <exception cref="InvalidOperationException">The batch already has LSNs.</exception>
    public void AssignLsn(Lsn firstLsn)
    {
        if (FirstLsn != Lsn.None)
        {
            throw new InvalidOperationException($"The batch already starts at LSN {FirstLsn}.");
        }

        FirstLsn = firstLsn;
    }

    /// <summary>Takes a lease that outlives the current call.</summary>
    /// <returns>This batch with one more reference, or, when the memory is borrowed, a copy of it with one reference.</returns>
    /// <exception cref="ObjectDisposedException">The batch was already given back.</exception>
    public RecordBatch Retain()
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _references) <= 0, this);
        if (!_borrowed)
        {
            Interlocked.Increment(ref _references);
            _lease?.OnRetained();
            return this;
        }

        var copy = ArrayPool<byte>.Shared.Rent(checked((int)ByteCount));
        var at = 0;
        foreach (var chunk in _chunks)
        {
            chunk.Span.CopyTo(copy.AsSpan(at));
            at += chunk.Length;
        }

        return Own(copy, at, Count, First, FirstLsn);
    }

    /// <summary>Gives one reference back; the last one returns pooled memory.</summary>
    /// <exception cref="ObjectDisposedException">More releases than references; with <see cref="BatchLeases.IsTracking"/> the message says where the batch was made and released.</exception>
    public void Release()
    {
        var left = Interlocked.Decrement(ref _references);
        if (left < 0)
        {
            throw new ObjectDisposedException(nameof(RecordBatch), _lease?.DescribeRelease() ?? "The batch was released more often than it was retained.");
        }

        if (left > 0)
        {
            return;
        }

        _lease?.OnReleased();

        if (_pooled is not null)
        {
            ArrayPool<byte>.Shared.Return(_pooled);
        }

        if (_arena is not null)
        {
            foreach (var extension in _arena)
            {
                ArrayPool<byte>.Shared.Return(extension);
            }
        }
    }

    /// <summary>Walks the records in order without allocating.</summary>
    /// <returns>The enumerator; valid as long as the lease.</returns>
    public Enumerator GetEnumerator() => new(this);

    // Memory for zero-extended blocks of older writers; it lives as long as the batch.
    internal static Span<byte> Rent(RecordBatch? batch, int length)
    {
        if (batch is null)
        {
            return new byte[length];
        }

        var rented = ArrayPool<byte>.Shared.Rent(length);
        rented.AsSpan().Clear();

        // Made with the first extension only: nearly every batch is without.
        var arena = batch._arena ?? Interlocked.CompareExchange(ref batch._arena, [], null) ?? batch._arena;
        lock (arena)
        {
            arena.Add(rented);
        }

        return rented.AsSpan(0, length);
    }

    /// <summary>Walks the records of a batch.</summary>
    public ref struct Enumerator
    {
        private readonly RecordBatch _batch;
        private ReadOnlySpan<byte> _rest;
        private ReadOnlySpan<byte> _frame;
        private int _chunk;
        private ulong _index;

        internal Enumerator(RecordBatch batch)
        {
            _batch = batch;
            _chunk = -1;
            _index = ulong.MaxValue;
        }

        /// <summary>The current record.</summary>
        public readonly RecordView Current =>
            new(_batch.FirstLsn == Lsn.None ? Lsn.None : _batch.FirstLsn.Add(_index), _frame, _batch);

        /// <summary>Moves to the next record.</summary>
        /// <returns>False behind the last one.</returns>
        public bool MoveNext()
        {
            while (_rest.IsEmpty)
            {
                if (++_chunk >= _batch._chunks.Length)
                {
                    return false;
                }

                _rest = _batch._chunks[_chunk].Span;
            }

            var length = (int)MemoryMarshal.Read<uint>(_rest);
            _frame = _rest[..length];
            _rest = _rest[length..];
            _index++;
            return true;
        }
    }
}
