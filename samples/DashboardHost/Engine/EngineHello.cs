using System.Net.Sockets;
using System.Runtime.InteropServices;
using Mev.Sdk.Wire;

namespace Mev.Sdk.DashboardHost.Engine;

/// <summary>Asks an engine one question before the data directory is chosen: are your records simulated?</summary>
internal static class EngineHello
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Connects, reads the engine's hello and hangs up.</summary>
    /// <returns>What the hello says; null when the engine does not answer in time.</returns>
    public static async Task<bool?> IsSimulatedAsync(string endpoint)
    {
        using var timeout = new CancellationTokenSource(Patience);
        try
        {
            var address = new Uri(endpoint);
            using var client = new TcpClient();
            await client.ConnectAsync(address.DnsSafeHost, address.Port, timeout.Token);
            var buffer = new byte[4096];
            var length = 0;
            while (length < buffer.Length)
            {
                var read = await client.GetStream().ReadAsync(buffer.AsMemory(length), timeout.Token);
                if (read == 0)
                {
                    return null;
                }

                length += read;
                if (TryRead(buffer.AsSpan(0, length)) is { } simulated)
                {
                    return simulated;
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or IOException or OperationCanceledException or UriFormatException)
        {
            return null;
        }

        return null;
    }

    private static bool? TryRead(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < FrameHeader.Size || bytes.Length < MemoryMarshal.Read<uint>(bytes))
        {
            return null;
        }

        var header = MemoryMarshal.Read<FrameHeader>(bytes);
        return header.TemplateId == TemplateIds.Hello && header.BlockLength >= HelloMessage.Size
            ? (MemoryMarshal.Read<HelloMessage>(bytes[FrameHeader.Size..]).Flags & StreamFlags.Simulated) != 0
            : null;
    }
}
