using System.Runtime.InteropServices;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Native.Tests.Support;

/// <summary>Keeps a copy of every frame of the engines, with its position.</summary>
internal sealed class FrameSink : IRecordSink
{
    private readonly Lock _gate = new();
    private readonly List<(StreamPosition Position, byte[] Frame)> _all = [];

    public IReadOnlyList<(StreamPosition Position, byte[] Frame)> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _all];
            }
        }
    }

    /// <summary>Records of one session of an engine; the host's own are left out.</summary>
    public IReadOnlyList<byte[]> Of(ulong sessionId) => [.. All.Where(seen => seen.Position.SessionId == sessionId).Select(seen => seen.Frame)];

    /// <summary>Their sequences, in the order they came.</summary>
    public IReadOnlyList<ulong> SequencesOf(ulong sessionId) => [.. Of(sessionId).Select(static frame => MemoryMarshal.Read<FrameHeader>(frame).Sequence)];

    public ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            foreach (var record in batch)
            {
                _all.Add((batch.First with { Sequence = record.Header.Sequence }, record.Frame.ToArray()));
            }
        }

        return ValueTask.CompletedTask;
    }

    public Task WaitForAsync(ulong sessionId, int count) =>
        Eventually.BecomesAsync(() => Of(sessionId).Count >= count, () => $"{Of(sessionId).Count} of {count} records came, the last is {(SequencesOf(sessionId) is [.., var last] ? last : 0)}");
}
