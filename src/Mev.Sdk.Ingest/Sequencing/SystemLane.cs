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
    private const int DueBytes = 64 << 10;

    private readonly Lock _gate = new();
    private readonly int _maxBytes;
    private readonly int _maxRecords;
    private readonly int _dueBytes;
    private readonly int _dueRecords;
    private readonly TimeSpan _delay;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly IngestMonitor? _monitor;
    private byte[] _buffer = [];
    private int _bytes;
    private int _records;
    private long _oldest;
    private bool _due;
    private bool _closed;
    private Action? _wake;

    /// <summary>Creates a lane.</summary>
    /// <param name="options">Its bounds; copied.</param>
    /// <param name="monitor">Where rejected records are counted besides the meter.</param>
    /// <param name="timeProvider">The clock of <see cref="RecordSequencerOptions.OwnRecordDelay"/>; the system's by default.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public SystemLane(RecordSequencerOptions? options = null, IngestMonitor? monitor = null, TimeProvider? timeProvider = null)
    {
        options ??= new RecordSequencerOptions();
        var errors = new List<string>();
        options.Validate("Mev:Ingest:Sequencer", errors);
        OptionErrors.ThrowIfAny(errors, nameof(options));
        _maxBytes = options.LaneBytes;
        _maxRecords = options.LaneRecords;
        _monitor = monitor;

        // Far from full: what is appended until the sequencer comes round must find room.
        _dueBytes = Math.Min(DueBytes, _maxBytes / 4);
        _dueRecords = Math.Max(1, _maxRecords / 4);
        _delay = options.OwnRecordDelay;
        _time = timeProvider ?? TimeProvider.System;
        _timer = _time.CreateTimer(static lane => ((SystemLane)lane!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Tracked<SystemLane>.Add(this);
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

    // Whether what waits should be shown before anything else.
    internal bool IsDue
    {
        get
        {
            lock (_gate)
            {
                return _records > 0 && (_due || _time.GetElapsedTime(_oldest) >= _delay);
            }
        }
    }

    /// <inheritdoc/>
    public bool TryAppend(ReadOnlySpan<byte> frame)
    {
        Check(frame);
        var isGap = MemoryMarshal.Read<FrameHeader>(frame).TemplateId == TemplateIds.Gap;
        Action? wake = null;
        bool taken;
        lock (_gate)
        {
            taken = !_closed && _records < _maxRecords && frame.Length <= _maxBytes - _bytes;
            if (taken)
            {
                Add(frame);
            }

            // A lane that had to refuse a record is due however little it holds; so is a gap, which comes before the record that showed it.
            if (!_due && _records > 0
                && (!taken || isGap || _delay == TimeSpan.Zero || _bytes >= _dueBytes || _records >= _dueRecords))
            {
                _due = true;
                wake = _wake;
            }
        }

        wake?.Invoke();
        if (!taken)
        {
            IngestMetrics.LaneRejected.Add(1);
            _monitor?.OnOwnRejected();
        }

        return taken;
    }

    // The sequencer attaches itself: called once whenever what waits becomes due.
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

            _due = true;
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

            (_buffer, _bytes, _records, _due) = ([], 0, 0, false);
            return true;
        }
    }

    internal void Close()
    {
        lock (_gate)
        {
            _closed = true;
            _timer.Dispose();
        }
    }

    private void OnTimer()
    {
        Action? wake;
        lock (_gate)
        {
            if (_closed || _due || _records == 0)
            {
                return;
            }

            // Fired for records that were taken meanwhile: the ones that wait now have waited less.
            var left = _delay - _time.GetElapsedTime(_oldest);
            if (left > TimeSpan.Zero)
            {
                _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
                return;
            }

            _due = true;
            wake = _wake;
        }

        wake?.Invoke();
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

    private void Add(ReadOnlySpan<byte> frame)
    {
        EnsureRoom(frame.Length);
        frame.CopyTo(_buffer.AsSpan(_bytes));
        _bytes += frame.Length;
        if (_records++ == 0)
        {
            _oldest = _time.GetTimestamp();
            if (_delay > TimeSpan.Zero)
            {
                _timer.Change(_delay, Timeout.InfiniteTimeSpan);
            }
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
