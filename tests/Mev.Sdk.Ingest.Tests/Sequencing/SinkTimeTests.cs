using System.Diagnostics.Metrics;
using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Ingest.Sequencing;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Mev.Sdk.Ingest.Tests.Sequencing;

/// <summary>Which sink everything waits for is measured, not guessed.</summary>
public sealed class SinkTimeTests
{
    [Fact]
    public async Task GetSnapshot_share_and_duration_belong_to_the_slow_sink()
    {
        var time = new FakeTimeProvider();
        var monitor = new IngestMonitor();
        var slow = new CollectingSink { OnWrite = _ => Advance(time, 2) };
        var measured = new List<(string Sink, double Seconds)>();
        using var listener = Listen(measured);
        await using var sequencer = new RecordSequencer([new CollectingSink(), slow], monitor: monitor, timeProvider: time);
        time.Advance(TimeSpan.FromSeconds(20));

        await sequencer.WriteAsync(RecordBatch.Borrow([Frames.Numbered(1, 1)], 1, new StreamPosition(1, 1, 1)), TestContext.Current.CancellationToken);

        var sinks = monitor.GetSnapshot().Sinks;
        Assert.Equal(["CollectingSink", "CollectingSink 2"], sinks.Select(sink => sink.Name));
        Assert.Equal((0, 0.2), (sinks[0].Share, sinks[1].Share));
        Assert.Equal((1, 1, TimeSpan.FromSeconds(2), TimeSpan.Zero), (sinks[1].Batches, sinks[1].Records, sinks[1].Busy, sinks[1].Waiting));
        lock (measured)
        {
            // The meter is one for the process: other tests' sinks report to this listener too.
            Assert.Contains(("CollectingSink 2", 2), measured);
        }
    }

    [Fact]
    public void GetSnapshot_busy_sink_shows_how_long_and_a_window_that_passed_is_forgotten()
    {
        var time = new FakeTimeProvider();
        time.Advance(TimeSpan.FromMinutes(1));
        var sink = new SinkMonitor("s", time);
        sink.Begin();
        time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal((TimeSpan.FromSeconds(4), 0.4), (sink.GetSnapshot().Waiting, sink.GetSnapshot().Share));

        sink.End(1);
        Assert.Equal((TimeSpan.Zero, 0.4), (sink.GetSnapshot().Waiting, sink.GetSnapshot().Share));
        time.Advance(TimeSpan.FromSeconds(8));
        Assert.Equal(0.2, sink.GetSnapshot().Share, 3);
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal((0, TimeSpan.FromSeconds(4)), (sink.GetSnapshot().Share, sink.GetSnapshot().Busy));
    }

    [Fact]
    public void GetSnapshot_batch_longer_than_the_window_is_all_of_it()
    {
        var time = new FakeTimeProvider();
        time.Advance(TimeSpan.FromMinutes(5));
        var sink = new SinkMonitor("s", time);
        sink.Begin();
        time.Advance(TimeSpan.FromSeconds(100));
        Assert.Equal(1, sink.GetSnapshot().Share);
        sink.End(1);
        Assert.Equal(1, sink.GetSnapshot().Share);
    }

    private static async ValueTask Advance(FakeTimeProvider time, int seconds)
    {
        await Task.Yield();
        time.Advance(TimeSpan.FromSeconds(seconds));
    }

    private static MeterListener Listen(List<(string, double)> measured)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Name == "mev.ingest.sink.duration")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) =>
        {
            lock (measured)
            {
                measured.Add(((string)tags[0].Value!, value));
            }
        });
        listener.Start();
        return listener;
    }
}
