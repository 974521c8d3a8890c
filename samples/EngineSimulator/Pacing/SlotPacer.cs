using System.Runtime.InteropServices;
using Mev.Sdk.Ingest.Publishing;
using Mev.Sdk.Wire;

namespace EngineSimulator.Pacing;

/// <summary>Publishes a slot's frames spread evenly over its time, a few milliseconds' worth at once.</summary>
/// <remarks>A subscriber that holds the stream up for more than a moment shifts the schedule: what was missed is not sent as a burst.</remarks>
/// <param name="publisher">Where frames go.</param>
/// <param name="time">The clock.</param>
internal sealed class SlotPacer(EnginePublisher publisher, TimeProvider time)
{
    private static readonly TimeSpan Quantum = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestLag = TimeSpan.FromMilliseconds(250);
    private readonly long _origin = time.GetTimestamp();
    private TimeSpan _due;

    /// <summary>Publishes one slot.</summary>
    /// <param name="frames">Its frames; their times are cleared, so that the publisher stamps the moment they are sent.</param>
    /// <param name="transactions">Transactions among them.</param>
    /// <param name="duration">Over how long; zero = at once.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async ValueTask PublishAsync(Memory<byte> frames, int transactions, TimeSpan duration, CancellationToken cancellationToken)
    {
        if (duration == TimeSpan.Zero)
        {
            await publisher.PublishAsync(frames[..Take(frames.Span, int.MaxValue, out _)], cancellationToken);
            return;
        }

        var begin = Max(_due, Elapsed - LongestLag);
        _due = begin + duration;
        var sent = 0;
        while (!frames.IsEmpty)
        {
            // What is due by the end of this quantum, and at least one, so that a slow stream moves too.
            var progress = (Elapsed + Quantum - begin) / duration;
            var wanted = Math.Max(1, (int)(Math.Min(1, progress) * transactions) - sent);
            var length = Take(frames.Span, wanted, out var taken);
            var at = begin + (duration * ((double)sent / Math.Max(1, transactions)));
            if (at > Elapsed + Quantum)
            {
                await Task.Delay(at - Elapsed, time, cancellationToken);
                continue;
            }

            await publisher.PublishAsync(frames[..length], cancellationToken);
            frames = frames[length..];
            sent += taken;
        }

        if (_due > Elapsed + Quantum)
        {
            await Task.Delay(_due - Elapsed, time, cancellationToken);
        }
    }

    private TimeSpan Elapsed => time.GetElapsedTime(_origin);

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;

    // So many transactions from the front, with whatever other records stand around them.
    private static int Take(Span<byte> frames, int transactions, out int taken)
    {
        taken = 0;
        var at = 0;
        while (at < frames.Length)
        {
            ref var header = ref MemoryMarshal.AsRef<FrameHeader>(frames[at..]);
            if (header.TemplateId == TemplateIds.Transaction && taken++ == transactions)
            {
                taken--;
                break;
            }

            header.EngineTimeNanoseconds = 0;
            at += (int)header.Length;
        }

        return at;
    }
}
