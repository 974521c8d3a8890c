using System.Runtime.InteropServices;
using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Wire;
using Microsoft.Win32.SafeHandles;

namespace Mev.Sdk.Ingest.Transports.Captures;

/// <summary>Plays a capture's engine: says hello, waits for the subscription, gives the records from there on, says goodbye at the end.</summary>
internal sealed class CaptureConnection : IStreamConnection
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly SafeFileHandle _handle;
    private readonly CaptureFile _file;
    private readonly bool _follow;
    private readonly TimeProvider _time;
    private readonly TaskCompletionSource<ulong> _subscribed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ReadOnlyMemory<byte> _said;
    private ulong _from;
    private ulong _last;
    private long _offset;
    private long _frameEnd;
    private bool _ended;

    public CaptureConnection(SafeFileHandle handle, string path, CaptureIndex index, bool follow, TimeProvider time)
    {
        _handle = handle;
        _file = new CaptureFile(handle);
        _follow = follow;
        _time = time;
        _said = SessionFrames.Hello(index.Hello, index.EngineName, 0);
        _offset = _frameEnd = index.BodyOffset;
        _last = index.Hello.FirstRetainedSequence - 1;
        Peer = path;
    }

    public string Peer { get; }

    public bool IsCapture => true;

    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (!_said.IsEmpty)
            {
                return Say(buffer.Span);
            }

            if (_ended)
            {
                return 0;
            }

            if (_from == 0)
            {
                _from = await _subscribed.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            }

            var ready = Ready(buffer.Length);
            if (ready > 0)
            {
                var read = await RandomAccess.ReadAsync(_handle, buffer[..ready], _offset, cancellationToken).ConfigureAwait(false);
                _offset += read;
                return read > 0 ? read : throw new IOException($"the capture {Peer} was cut short while it was read.");
            }

            if (_said.IsEmpty)
            {
                await Task.Delay(Poll, _time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        // Acknowledgements and all else go nowhere.
        if (MemoryMarshal.Read<FrameHeader>(bytes.Span).TemplateId == TemplateIds.Subscribe && SessionFrames.TryRead<SubscribeMessage>(bytes, out var subscribe))
        {
            _subscribed.TrySetResult(Math.Max(1, subscribe.FromSequence));
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask ShutdownSendAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _handle.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>How many bytes from the offset on are of whole frames that the host wants; 0 when there is something to say, or nothing yet.</summary>
    private int Ready(int limit)
    {
        var looked = false;
        while (_frameEnd - _offset < limit)
        {
            if (!_file.TryPeek(_frameEnd, out var header) || (header.Length >= FrameHeader.Size && _frameEnd + header.Length > _file.Length))
            {
                if (_offset < _frameEnd)
                {
                    break;
                }

                if (!looked)
                {
                    looked = true;
                    _file.Refresh();
                    continue;
                }

                if (!_follow)
                {
                    End(_last, _file.Length == _frameEnd ? "the capture ends here." : $"the capture ends within a frame; its last {_file.Length - _frameEnd} bytes are left out.");
                }

                return 0;
            }

            if (header.Length < FrameHeader.Size)
            {
                // The session will say what is wrong with it.
                _frameEnd = _file.Length;
                break;
            }

            if (header.TemplateId == TemplateIds.Goodbye && _offset == _frameEnd)
            {
                End(Math.Max(_last, header.Sequence), "the capture ends with the engine's goodbye.");
                return 0;
            }

            if (header.TemplateId == TemplateIds.Goodbye || (!IsWanted(in header) && _offset < _frameEnd))
            {
                break;
            }

            Pass(in header);
        }

        return (int)Math.Min(limit, _frameEnd - _offset);
    }

    private void Pass(in FrameHeader header)
    {
        var wanted = IsWanted(in header);
        _frameEnd += header.Length;
        if (!wanted)
        {
            _offset = _frameEnd;
        }
        else if (TemplateIds.IsRecord(header.TemplateId))
        {
            _last = Math.Max(_last, header.Sequence);
        }
    }

    // A challenge and its proof belonged to the connection that was captured.
    private bool IsWanted(in FrameHeader header) =>
        TemplateIds.IsRecord(header.TemplateId) ? header.Sequence >= _from : header.TemplateId is not (TemplateIds.Challenge or TemplateIds.Proof);

    private void End(ulong last, string reason)
    {
        _ended = true;
        _said = SessionFrames.Goodbye(GoodbyeCode.EndOfStream, reason, last, 0);
    }

    private int Say(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _said.Length);
        _said.Span[..count].CopyTo(buffer);
        _said = _said[count..];
        return count;
    }
}
