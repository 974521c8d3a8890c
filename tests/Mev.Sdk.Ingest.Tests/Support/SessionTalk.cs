using System.IO.Pipelines;
using System.Runtime.InteropServices;
using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Tests.Support;

/// <summary>A session that a test talks to as the engine would, frame by frame; no socket.</summary>
internal sealed class SessionTalk : IAsyncDisposable
{
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false));
    private readonly CancellationTokenSource _stop = new();
    private readonly EngineSession _session;
    private readonly SessionStand _stand;
    private readonly Task _sending;

    public SessionTalk(SessionStand stand)
    {
        _stand = stand;
        _session = stand.NewSession();
        Running = _session.RunAsync(_pipe.Reader, _stop.Token);
        _sending = _session.RunSendsAsync(_stop.Token);
    }

    public EngineSession Session => _session;

    public Task<SessionEnd> Running { get; }

    public async Task SayAsync(params byte[][] frames)
    {
        foreach (var frame in frames)
        {
            await _pipe.Writer.WriteAsync(frame);
        }
    }

    /// <summary>Waits for the nth frame of a kind (from 0) that the host sent.</summary>
    public async Task<byte[]> HearAsync(ushort template, int index = 0)
    {
        byte[][] heard = [];
        await Eventually.BecomesAsync(
            () => (heard = Heard(template)).Length > index,
            () => $"the host sent {heard.Length} of {index + 1} frames of kind {template}; it ended: {Running.Status} {(Running.IsCompletedSuccessfully ? Running.Result.Reason : Running.Exception?.Message)}");
        return heard[index];
    }

    public byte[][] Heard(ushort template)
    {
        lock (_stand.Sent)
        {
            return [.. _stand.Sent.Where(frame => MemoryMarshal.Read<FrameHeader>(frame).TemplateId == template)];
        }
    }

    public async Task<(ulong First, ulong Last)> HearRequestAsync(int index = 0)
    {
        Assert.True(SessionFrames.TryRead<ReplayRequestMessage>(await HearAsync(TemplateIds.ReplayRequest, index), out var request));
        return (request.FirstSequence, request.LastSequence);
    }

    /// <summary>The engine's side of the connection is gone.</summary>
    public async Task<SessionEnd> BreakAsync()
    {
        await _pipe.Writer.CompleteAsync();
        return await Running;
    }

    public async ValueTask DisposeAsync()
    {
        await _pipe.Writer.CompleteAsync();
        await ((Task)Running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stop.CancelAsync();
        await _sending;
        _session.Dispose();
        _stop.Dispose();
    }
}
