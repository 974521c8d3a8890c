using System.Buffers;
using System.Runtime.InteropServices;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>Makes batches of decoded frames: each of consecutive LSNs and sequences of one source, as a journal's are. Not thread-safe.</summary>
internal sealed class BatchAssembler(int expectedBytes)
{
    private const int LeastBytes = 4096;

    /// <summary>Most bytes that are rented because somebody said that they will come.</summary>
    private const int MostBytesAhead = 1 << 20;

    private readonly List<ArchiveBatch> _done = [];
    private readonly List<int> _ends = [];
    private readonly List<byte> _residuals = [];
    private byte[]? _frames;
    private int _length;
    private int _count;
    private StreamPosition _first;
    private ulong _firstLsn;

    /// <summary>Adds a frame; it is copied.</summary>
    public void Add(ulong lsn, uint source, ulong session, ReadOnlySpan<byte> frame, ReadOnlySpan<byte> residual)
    {
        var sequence = MemoryMarshal.AsRef<FrameHeader>(frame).Sequence;
        if (_count > 0 && (lsn != _firstLsn + (ulong)_count || new StreamPosition(source, session, sequence - (ulong)_count) != _first))
        {
            End();
        }

        if (_count == 0)
        {
            (_firstLsn, _first) = (lsn, new StreamPosition(source, session, sequence));
        }

        frame.CopyTo(Reserve(frame.Length));
        _residuals.AddRange(residual);
        _ends.Add(_residuals.Count);
        _count++;
    }

    /// <summary>Gives out what is whole, and begins anew; the batches are the caller's to release.</summary>
    public List<ArchiveBatch> Take()
    {
        End();
        return _done;
    }

    /// <summary>Gives back all memory of what was not taken.</summary>
    public void Abandon()
    {
        if (_frames is not null)
        {
            ArrayPool<byte>.Shared.Return(_frames);
            _frames = null;
        }

        Release(_done, 0);
        _done.Clear();
    }

    /// <summary>Releases batches from a place on.</summary>
    public static void Release(List<ArchiveBatch> batches, int from)
    {
        for (var i = from; i < batches.Count; i++)
        {
            batches[i].Release();
        }
    }

    private Span<byte> Reserve(int length)
    {
        var needed = _length + length;
        if (_frames is null || _frames.Length < needed)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Max(LeastBytes, _frames is null ? Math.Min(expectedBytes, MostBytesAhead) : (int)Math.Min(Array.MaxLength, 2L * _frames.Length))));
            if (_frames is not null)
            {
                _frames.AsSpan(0, _length).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(_frames);
            }

            _frames = larger;
        }

        var room = _frames.AsSpan(_length, length);
        _length = needed;
        return room;
    }

    private void End()
    {
        if (_count == 0)
        {
            return;
        }

        var records = RecordBatch.Own(_frames!, _length, _count, _first, new Lsn(_firstLsn));
        _done.Add(_residuals.Count == 0 ? new ArchiveBatch(records, [], []) : new ArchiveBatch(records, [.. _residuals], [.. _ends]));
        _residuals.Clear();
        _ends.Clear();
        (_frames, _length, _count) = (null, 0, 0);
    }
}
