using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Journal;

/// <summary>Frames that wait for the writer, as runs of one source and session. Not thread-safe: the journal's gate guards it.</summary>
internal sealed class WriteBuffer(int capacity)
{
    private const int FirstSize = 256 << 10;
    private readonly List<Run> _runs = [];
    private byte[] _bytes = GC.AllocateUninitializedArray<byte>(Math.Min(FirstSize, capacity));

    public int Used { get; private set; }

    public bool IsEmpty => Used == 0;

    public IReadOnlyList<Run> Runs => _runs;

    public ReadOnlySpan<byte> GetFrames(in Run run) => _bytes.AsSpan(run.Offset, run.Length);

    /// <summary>Copies a batch; an empty buffer takes any batch, so that one larger than the buffer is not stuck forever.</summary>
    public bool TryAppend(RecordBatch batch)
    {
        if (!IsEmpty && batch.ByteCount > capacity - Used)
        {
            return false;
        }

        var length = checked((int)batch.ByteCount);
        Grow(Used + length);
        var at = Used;
        foreach (var chunk in batch.Chunks)
        {
            chunk.Span.CopyTo(_bytes.AsSpan(at));
            at += chunk.Length;
        }

        var run = new Run(batch.First, batch.FirstLsn, batch.Count, Used, length);
        Used = at;
        if (_runs.Count > 0 && _runs[^1].IsFollowedBy(run))
        {
            _runs[^1] = _runs[^1] with { Count = _runs[^1].Count + run.Count, Length = _runs[^1].Length + run.Length };
        }
        else
        {
            _runs.Add(run);
        }

        return true;
    }

    public void Clear()
    {
        Used = 0;
        _runs.Clear();
        if (_bytes.Length > capacity)
        {
            _bytes = GC.AllocateUninitializedArray<byte>(capacity);
        }
    }

    private void Grow(int needed)
    {
        if (needed > _bytes.Length)
        {
            Array.Resize(ref _bytes, (int)Math.Max(needed, Math.Min(capacity, _bytes.Length * 2L)));
        }
    }

    /// <summary>Records that follow one another in their stream and in the log.</summary>
    internal readonly record struct Run(StreamPosition First, Lsn FirstLsn, int Count, int Offset, int Length)
    {
        public bool IsFollowedBy(in Run next) =>
            next.First == First with { Sequence = First.Sequence + (ulong)Count } && next.FirstLsn == FirstLsn.Add((ulong)Count);
    }
}
