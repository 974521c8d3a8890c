using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Tests.Support;

/// <summary>Stands between host and engine and loses, repeats and holds back whole records as a seed says; what is not a record passes.</summary>
internal sealed class LossyProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly IPEndPoint _target;
    private readonly Random _random;
    private readonly int _perMille;
    private readonly Task _serving;

    public LossyProxy(IPEndPoint target, int seed, int perMille)
    {
        _target = target;
        _random = new Random(seed);
        _perMille = perMille;
        _listener.Start();
        Endpoint = $"tcp://{_listener.LocalEndpoint}";
        _serving = ServeAsync();
    }

    public string Endpoint { get; }

    public long Lost { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var host = await _listener.AcceptTcpClientAsync(_stop.Token);
                using var engine = new TcpClient();
                await engine.ConnectAsync(_target, _stop.Token);
                using var over = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
                await Task.WhenAll(UpAsync(host.GetStream(), engine.GetStream(), over), DownAsync(engine.GetStream(), host.GetStream(), over));
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private static async Task UpAsync(NetworkStream from, NetworkStream to, CancellationTokenSource over)
    {
        try
        {
            await from.CopyToAsync(to, over.Token);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The other direction ended, or a peer left.
        }
        finally
        {
            await over.CancelAsync();
        }
    }

    private async Task DownAsync(NetworkStream from, NetworkStream to, CancellationTokenSource over)
    {
        var frame = new byte[64 << 10];
        byte[] held = [];
        try
        {
            var buffered = new BufferedStream(from, 64 << 10);
            while (true)
            {
                await buffered.ReadExactlyAsync(frame.AsMemory(0, 4), over.Token);
                var length = (int)BinaryPrimitives.ReadUInt32LittleEndian(frame);
                await buffered.ReadExactlyAsync(frame.AsMemory(4, length - 4), over.Token);
                var whole = frame.AsMemory(0, length);
                if (TemplateIds.IsRecord(BinaryPrimitives.ReadUInt16LittleEndian(frame.AsSpan(26))) && _random.Next(1000) < _perMille)
                {
                    switch (_random.Next(4))
                    {
                        case 0:
                            held = whole.ToArray();
                            break;
                        case 1:
                            await to.WriteAsync(whole, over.Token);
                            await to.WriteAsync(whole, over.Token);
                            break;
                        default:
                            Lost++;
                            break;
                    }

                    continue;
                }

                await to.WriteAsync(whole, over.Token);
                if (held.Length > 0 && _random.Next(8) == 0)
                {
                    await to.WriteAsync(held, over.Token);
                    held = [];
                }
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The other direction ended, or a peer left.
        }
        finally
        {
            await over.CancelAsync();
        }
    }
}
