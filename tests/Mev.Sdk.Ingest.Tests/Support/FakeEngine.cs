using System.Net;
using System.Net.Sockets;
using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Tests.Support;

/// <summary>A listener that says to each connection what the test scripted, and remembers what it heard.</summary>
internal sealed class FakeEngine : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly List<byte[]> _heard = [];
    private readonly Task _serving;
    private int _connections;

    /// <param name="script">Per connection (from 0): speaks on the stream; the connection stays open until the peer leaves or the script says close.</param>
    public FakeEngine(Func<int, NetworkStream, Task> script)
    {
        _listener.Start();
        Endpoint = $"tcp://{_listener.LocalEndpoint}";
        _serving = ServeAsync(script);
    }

    public string Endpoint { get; }

    public int Connections => Volatile.Read(ref _connections);

    public IReadOnlyList<byte[]> Heard
    {
        get
        {
            lock (_gate)
            {
                return [.. _heard];
            }
        }
    }

    public IReadOnlyList<ulong> SubscribedFrom =>
        [.. Heard.Select(frame => SessionFrames.TryRead<SubscribeMessage>(frame, out var message) ? message.FromSequence : 0).Where(from => from != 0)];

    public IReadOnlyList<ulong> Acks =>
        [.. Heard.Select(frame => SessionFrames.TryRead<AckMessage>(frame, out var message) ? message.DurableSequence : 0).Where(sequence => sequence != 0)];

    public IReadOnlyList<(GoodbyeCode Code, string Reason)> Goodbyes =>
        [.. Heard.Where(frame => SessionFrames.TryRead<GoodbyeMessage>(frame, out _, out _)).Select(frame =>
        {
            SessionFrames.TryRead<GoodbyeMessage>(frame, out var message, out var reason);
            return (message.Code, reason);
        })];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task ServeAsync(Func<int, NetworkStream, Task> script)
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                var stream = client.GetStream();
                var index = Interlocked.Increment(ref _connections) - 1;
                var listening = ListenAsync(stream);
                try
                {
                    await script(index, stream);
                }
                catch (IOException)
                {
                    // The host left in the middle of the script.
                }

                await listening;
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private async Task ListenAsync(NetworkStream stream)
    {
        var header = new byte[4];
        try
        {
            while (true)
            {
                await stream.ReadExactlyAsync(header, _stop.Token);
                var frame = new byte[BitConverter.ToUInt32(header)];
                header.CopyTo(frame, 0);
                await stream.ReadExactlyAsync(frame.AsMemory(4), _stop.Token);
                lock (_gate)
                {
                    _heard.Add(frame);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The host, or the script, closed the connection.
        }
    }
}
