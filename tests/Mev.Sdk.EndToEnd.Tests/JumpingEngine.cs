using System.Net;
using System.Net.Sockets;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.EndToEnd.Tests;

/// <summary>An engine that sends records 1 to 3 and 10 to 12 and cannot send what lies between again.</summary>
internal sealed class JumpingEngine : IAsyncDisposable
{
    private const ulong SessionId = 0x1234;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    public JumpingEngine()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Endpoint => $"tcp://{_listener.LocalEndpoint}";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                var stream = client.GetStream();
                await stream.WriteAsync(Hello(), _stop.Token);
                await stream.ReadExactlyAsync(new byte[FrameSize.Of<SubscribeMessage>().Total], _stop.Token);
                foreach (var sequence in (ulong[])[1, 2, 3, 10, 11, 12])
                {
                    await stream.WriteAsync(Metric(sequence), _stop.Token);
                }

                while (true)
                {
                    await stream.WriteAsync(Heartbeat(), _stop.Token);
                    await Task.Delay(500, _stop.Token);
                }
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException or SocketException)
            {
                // The host asked first what the records are, or left; or the test is over.
            }
        }
    }

    private static byte[] Hello()
    {
        var name = "jumper"u8;
        var message = new HelloMessage
        {
            SessionId = SessionId, FirstRetainedSequence = 1, NextSequence = 13, HeartbeatMilliseconds = 1_000, Flags = StreamFlags.Simulated,
        };
        var frame = new byte[FrameSize.Of<HelloMessage>().WithData(name.Length).Total];
        var writer = FrameWriter.Begin(frame, in message);
        writer.Data(name);
        writer.Complete(12, 0);
        return frame;
    }

    private static byte[] Heartbeat()
    {
        var message = default(HeartbeatMessage);
        var frame = new byte[FrameSize.Of<HeartbeatMessage>().Total];
        FrameWriter.Begin(frame, in message).Complete(12, 0);
        return frame;
    }

    private static byte[] Metric(ulong sequence)
    {
        var record = new MetricRecord { Value = sequence };
        var frame = new byte[MetricView.GetFrameLength(1, 0)];
        MetricView.Write(frame, 0, in record, "n"u8, default);
        FrameWriter.Stamp(frame, sequence, 0);
        return frame;
    }
}
