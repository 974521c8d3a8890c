using System.Threading.Channels;
using Mev.Sdk.Ingest.Transports;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Control;

/// <summary>Sends updates and scores over one connection: updates first, since they are promises.</summary>
internal sealed class ControlConnection(
    ControlLink link,
    long id,
    StreamFlags flags,
    IControlDesk desk,
    int scoreQueueBytes,
    Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> send) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<(byte[] Frame, int Scores)> _scores = new();

    // "Look again", which needs to be said once only; the first look is for what waited for this connection.
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;
    private long _queuedBytes;

    public bool TakesScores => flags.HasFlag(StreamFlags.TakesScores);

    public long QueuedBytes => Volatile.Read(ref _queuedBytes);

    public void Start() => _running = Task.Run(RunAsync);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _stopping.Dispose();
    }

    public void Wake() => _wake.Writer.TryWrite(true);

    public bool TryQueue(byte[] frame, int scores)
    {
        lock (_gate)
        {
            // A frame over the bound passes while nothing else waits.
            if (_queuedBytes > 0 && _queuedBytes + frame.Length > scoreQueueBytes)
            {
                return false;
            }

            _scores.Enqueue((frame, scores));
            _queuedBytes += frame.Length;
        }

        Wake();
        return true;
    }

    private async Task RunAsync()
    {
        try
        {
            desk.OnOpened();
            Wake();
            await foreach (var _ in _wake.Reader.ReadAllAsync(_stopping.Token).ConfigureAwait(false))
            {
                await SendAllAsync().ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (ConnectionErrors.IsBrokenOrCancelled(exception))
        {
            // A connection that cannot be written to is about to fail for its reader, who says why; updates wait for the next one.
        }
    }

    private async ValueTask SendAllAsync()
    {
        while (true)
        {
            if (flags.HasFlag(StreamFlags.TakesParameters) && desk.NextUpdate(link.SourceId, id) is { } update)
            {
                await send(update, _stopping.Token).ConfigureAwait(false);
                link.OnUpdateSent();
                continue;
            }

            if (!TryTakeScores(out var next))
            {
                return;
            }

            await send(next.Frame, _stopping.Token).ConfigureAwait(false);
            link.OnSent(next.Scores);
        }
    }

    private bool TryTakeScores(out (byte[] Frame, int Scores) next)
    {
        lock (_gate)
        {
            if (!_scores.TryDequeue(out next))
            {
                return false;
            }

            _queuedBytes -= next.Frame.Length;
            return true;
        }
    }
}
