using System.Net;
using System.Net.Sockets;

namespace Mev.Sdk.Ingest.Tests.Support;

/// <summary>
/// Stands between host and engine, passes odd-sized pieces on, and resets connections at points that a seed chose; it may also delay, repeat
/// and damage bytes, in both directions, of the connections that it will cut. Behind the last cut it does no harm.
/// </summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly IPEndPoint _target;
    private readonly Random _random;
    private readonly int _cuts;
    private readonly int _maxBytes;
    private readonly Harms _harms;
    private readonly Task _serving;
    private int _cutsMade;
    private int _harmsDone;

    public CuttingProxy(IPEndPoint target, int seed, int cuts, int maxBytes, Harms harms = Harms.None)
    {
        _harms = harms;
        _target = target;
        _random = new Random(seed);
        _cuts = cuts;
        _maxBytes = maxBytes;
        _listener.Start();
        Endpoint = $"tcp://{_listener.LocalEndpoint}";
        _serving = ServeAsync();
    }

    public string Endpoint { get; }

    public int CutsMade => Volatile.Read(ref _cutsMade);

    /// <summary>Pieces delayed, repeated or damaged.</summary>
    public int HarmsDone => Volatile.Read(ref _harmsDone);

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
                using var from = await _listener.AcceptTcpClientAsync(_stop.Token);
                using var to = new TcpClient();
                try
                {
                    await to.ConnectAsync(_target, _stop.Token);
                }
                catch (SocketException)
                {
                    // The target is being restarted.
                    continue;
                }

                await PassBothAsync(from, to);
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private async Task PassBothAsync(TcpClient from, TcpClient to)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var isBad = CutsMade < _cuts;
        var budget = isBad ? _random.Next(1, _maxBytes) : int.MaxValue;
        var (seedUp, seedDown) = (_random.Next(), _random.Next());
        var harms = isBad ? _harms : Harms.None;

        // Both ends may be the one that sends the most: whoever fills the budget first is cut.
        var up = PassAsync(from.GetStream(), to.GetStream(), budget, harms, new Random(seedUp), over);
        var down = PassAsync(to.GetStream(), from.GetStream(), budget, harms, new Random(seedDown), over);
        await Task.WhenAll(up, down);
        if (isBad)
        {
            Interlocked.Increment(ref _cutsMade);
            from.Client.LingerState = new LingerOption(_random.Next(2) == 0, 0);
        }
    }

    private async Task PassAsync(NetworkStream from, NetworkStream to, int budget, Harms harms, Random random, CancellationTokenSource over)
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

                var times = await HarmAsync(buffer.AsMemory(0, read), harms, random, over.Token);
                for (var i = 0; i < times; i++)
                {
                    await to.WriteAsync(buffer.AsMemory(0, read), over.Token);
                }

                budget -= budget == int.MaxValue ? 0 : read;
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

    /// <summary>Damages the bytes, or waits; says how often they are to be passed on.</summary>
    private async Task<int> HarmAsync(Memory<byte> bytes, Harms harms, Random random, CancellationToken cancellationToken)
    {
        var (damages, repeats, waits) = (random.Next(12) == 0, random.Next(24) == 0, random.Next(8) == 0);
        if (damages && harms.HasFlag(Harms.Corrupt))
        {
            bytes.Span[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            Interlocked.Increment(ref _harmsDone);
        }

        if (waits && harms.HasFlag(Harms.Delay))
        {
            await Task.Delay(random.Next(1, 30), cancellationToken);
            Interlocked.Increment(ref _harmsDone);
        }

        if (repeats && harms.HasFlag(Harms.Duplicate))
        {
            Interlocked.Increment(ref _harmsDone);
            return 2;
        }

        return 1;
    }
}
