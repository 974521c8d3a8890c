using System.Net;
using System.Net.Sockets;

namespace Mev.Sdk.Ingest.Tests.Support;

/// <summary>Stands between host and engine, passes odd-sized pieces on, and resets connections at points that a seed chose.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly IPEndPoint _target;
    private readonly Random _random;
    private readonly int _cuts;
    private readonly int _maxBytes;
    private readonly Task _serving;

    public CuttingProxy(IPEndPoint target, int seed, int cuts, int maxBytes)
    {
        _target = target;
        _random = new Random(seed);
        _cuts = cuts;
        _maxBytes = maxBytes;
        _listener.Start();
        Endpoint = $"tcp://{_listener.LocalEndpoint}";
        _serving = ServeAsync();
    }

    public string Endpoint { get; }

    public int CutsMade { get; private set; }

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
                var up = PassAsync(host.GetStream(), engine.GetStream(), int.MaxValue, over);
                var budget = CutsMade < _cuts ? _random.Next(1, _maxBytes) : int.MaxValue;
                var down = PassAsync(engine.GetStream(), host.GetStream(), budget, over);
                await Task.WhenAll(up, down);
                if (budget != int.MaxValue)
                {
                    CutsMade++;
                    host.Client.LingerState = new LingerOption(_random.Next(2) == 0, 0);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private static async Task PassAsync(NetworkStream from, NetworkStream to, int budget, CancellationTokenSource over)
    {
        var buffer = new byte[7001];
        try
        {
            while (budget > 0)
            {
                var read = await from.ReadAsync(buffer.AsMemory(0, Math.Min(buffer.Length, budget)), over.Token);
                if (read == 0)
                {
                    break;
                }

                await to.WriteAsync(buffer.AsMemory(0, read), over.Token);
                budget -= budget == int.MaxValue ? 0 : read;
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The other direction ended, or a peer left.
        }
        finally
        {
            await over.CancelAsync();
        }
    }
}
