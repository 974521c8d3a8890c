using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Native.Tests.Support;

/// <summary>Stands between engine and host and leaves a range of records out, once: the host must ask for them again.</summary>
internal sealed class OmittingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _enginePort;
    private readonly HashSet<ulong> _omit;
    private readonly Task _running;

    public OmittingProxy(string engine, ulong first, ulong last)
    {
        _enginePort = new Uri(engine).Port;
        _omit = [.. Enumerable.Range((int)first, (int)(last - first + 1)).Select(static n => (ulong)n)];
        _listener.Start();
        _running = RunAsync();
    }

    public string Endpoint => $"tcp://{_listener.LocalEndpoint}";

    public async ValueTask DisposeAsync()
    {
        // The loop first: a listener that is stopped under it throws whatever its state makes of it.
        await _stop.CancelAsync();
        await _running;
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                using var host = await _listener.AcceptTcpClientAsync(_stop.Token);
                using var engine = new TcpClient();
                await engine.ConnectAsync(IPAddress.Loopback, _enginePort, _stop.Token);
                await Task.WhenAny(host.GetStream().CopyToAsync(engine.GetStream(), _stop.Token), RelayAsync(engine.GetStream(), host.GetStream()));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or IOException)
        {
            // The test ended, or one side did.
        }
    }

    private async Task RelayAsync(NetworkStream engine, NetworkStream host)
    {
        var header = new byte[FrameHeader.Size];
        while (true)
        {
            await engine.ReadExactlyAsync(header, _stop.Token);
            var read = MemoryMarshal.Read<FrameHeader>(header);
            var frame = new byte[read.Length];
            header.CopyTo(frame, 0);
            await engine.ReadExactlyAsync(frame.AsMemory(header.Length), _stop.Token);
            if (!TemplateIds.IsRecord(read.TemplateId) || !_omit.Remove(read.Sequence))
            {
                await host.WriteAsync(frame, _stop.Token);
            }
        }
    }
}
