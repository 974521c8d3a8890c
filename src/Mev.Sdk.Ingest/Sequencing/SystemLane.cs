using System.Buffers;
using System.Runtime.InteropServices;
using Mev.Sdk.Ingest.Diagnostics;
using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Sequencing;

/// <summary>Holds the host's own records (predictions, gaps, labels) until the sequencer takes them.</summary>
/// <remarks>
/// Thread-safe. It stands apart from the sequencer so that a sink can be built with an <see cref="IRecordAppender"/> before the sequencer,
/// which needs all sinks, exists. Records appended after the sequencer stopped are rejected.
/// </remarks>
public sealed class SystemLane : IRecordAppender
{
    private const int FirstBufferBytes = 16 << 10;

    private readonly Lock _gate = new();
    private readonly int _maxBytes;
    private readonly int _maxRecords;
    private readonly IngestMonitor? _monitor;
    private byte[] _buffer = [];
    private int _bytes;
    private int _records;
    private bool _closed;
    private Action? _wake;

    /// <summary>Creates a lane.</summary>
    /// <param name="options">Its bounds; copied.</param>
    /// <param name="monitor">Where rejected records are counted besides the meter.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public SystemLane(RecordSequencerOptions? options = null, IngestMonitor? monitor = null)
    {
        options ??= new RecordSequencerOptions();
        var errors = new List<string>();
        options.Validate("Mev:Ingest:Sequencer", errors);
        OptionErrors.ThrowIfAny(errors, nameof(options));
        _maxBytes = options.LaneBytes;
        _maxRecords = options.LaneRecords;
        _monitor = monitor;
    }

    /// <summary>Records that wait.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _records;
            }
        }
    }

    /// <inheritdoc/>
    public bool TryAppend(ReadOnlySpan<byte> frame)
    {
        Check(frame);
        Action? wake;
        lock (_gate)
        {
            if (_closed || _records == _maxRecords || frame.Length > _maxBytes - _bytes)
            {
                IngestMetrics.LaneRejected.Add(1);
                _monitor?.OnOwnRejected();
                return false;
            }

            EnsureRoom(frame.Length);
            frame.CopyTo(_buffer.AsSpan(_bytes));
            _bytes += frame.Length;
            wake = _records++ == 0 ? _wake : null;
        }

        wake?.Invoke();
        return true;
    }

    // The sequencer attaches itself: called whenever the lane stops being empty.
    internal void Attach(Action wake)
    {
        lock (_gate)
        {
            if (_wake is not null)
            {
                throw new InvalidOperationException("The lane already feeds a sequencer.");
            }

            _wake = wake;
            if (_records == 0)
            {
                return;
            }
        }

        wake();
    }

    // Takes everything that waits now; the caller owns the rented array.
    internal bool TryTake(out byte[] buffer, out int bytes, out int records)
    {
        lock (_gate)
        {
            (buffer, bytes, records) = (_buffer, _bytes, _records);
            if (records == 0)
            {
                return false;
            }

            (_buffer, _bytes, _records) = ([], 0, 0);
            return true;
        }
    }

    internal void Close()
    {
        lock (_gate)
        {
            _closed = true;
        }
    }

    private static void Check(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < FrameHeader.Size)
        {
            throw new ArgumentException($"A frame has at least {FrameHeader.Size} bytes, got {frame.Length}.", nameof(frame));
        }

        var header = MemoryMarshal.Read<FrameHeader>(frame);
        if (header.Length != (uint)frame.Length || frame.Length % WireFormat.Alignment != 0)
        {
            throw new ArgumentException(
                $"Expected exactly one frame: the header declares {header.Length} bytes, {frame.Length} were given.", nameof(frame));
        }

        if (header.SchemaId != WireFormat.SchemaId
            || !TemplateIds.IsRecord(header.TemplateId)
            || header.BlockLength > frame.Length - FrameHeader.Size)
        {
            throw new ArgumentException(
                $"Template {header.TemplateId} of schema {header.SchemaId} is not a record of this format.", nameof(frame));
        }
    }

    private void EnsureRoom(int more)
    {
        if (_buffer.Length - _bytes >= more)
        {
            return;
        }

        var grown = ArrayPool<byte>.Shared.Rent((int)Math.Max(FirstBufferBytes, Math.Min(_maxBytes, (_bytes + (long)more) * 2)));
        _buffer.AsSpan(0, _bytes).CopyTo(grown);
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        _buffer = grown;
    }
}
