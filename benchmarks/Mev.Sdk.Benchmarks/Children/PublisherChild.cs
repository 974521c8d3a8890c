using Mev.Sdk.Ingest.Publishing;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Benchmarks.Children;

/// <summary>A load generator: the .NET publisher, publishing pre-encoded frames as fast as its subscriber takes them.</summary>
internal static class PublisherChild
{
    public const string Name = "publisher";

    /// <summary>What it says in its hello.</summary>
    public const string EngineName = "load generator";

    private const int ChunkBytes = 256 << 10;

    /// <summary>Publishes until cancelled; says on its output, a line each, where it listens.</summary>
    public static async Task RunAsync(string framesFile, IReadOnlyList<string> endpoints, TextWriter output, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> frames = await File.ReadAllBytesAsync(framesFile, cancellationToken).ConfigureAwait(false);
        var options = new EnginePublisherOptions { EngineName = EngineName, HeartbeatInterval = TimeSpan.FromMilliseconds(200) };
        foreach (var endpoint in endpoints)
        {
            options.Endpoints.Add(endpoint);
        }

        var engine = EnginePublisher.Start(options);
        await using (engine.ConfigureAwait(false))
        {
            foreach (var endpoint in engine.Endpoints)
            {
                await output.WriteLineAsync(endpoint).ConfigureAwait(false);
            }

            await output.FlushAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                while (true)
                {
                    for (var rest = frames; !rest.IsEmpty;)
                    {
                        // Without a subscriber there is nobody to keep pace with.
                        await engine.WaitForSubscriberAsync(cancellationToken).ConfigureAwait(false);
                        var chunk = rest[..Whole(rest.Span)];
                        await engine.PublishAsync(chunk, cancellationToken).ConfigureAwait(false);
                        rest = rest[chunk.Length..];
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // The parent has what it wants.
            }
        }
    }

    private static int Whole(ReadOnlySpan<byte> frames)
    {
        var bytes = 0;
        while (bytes < frames.Length)
        {
            var length = (int)System.Runtime.InteropServices.MemoryMarshal.Read<FrameHeader>(frames[bytes..]).Length;
            if (bytes > 0 && bytes + length > ChunkBytes)
            {
                break;
            }

            bytes += length;
        }

        return bytes;
    }
}
