using System.Diagnostics.Metrics;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Ingest.Views;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Mev.Sdk.Ingest.Tests.Views;

public sealed class ViewSinkTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WriteAsync_consumer_that_keeps_up_sees_every_record_in_order_after_the_lent_memory_is_gone()
    {
        var consumer = new CollectingSink();
        await using var view = new ViewSink(consumer);
        for (var i = 0; i < 200; i++)
        {
            var bytes = Frames.Concat(Frames.Numbered(2 * i, (ulong)(2 * i) + 1), Frames.Numbered((2 * i) + 1, (ulong)(2 * i) + 2));
            await view.WriteAsync(RecordBatch.Borrow([bytes], 2, new StreamPosition(1, 1, (ulong)(2 * i) + 1), Lsn.Create(0, (ulong)(2 * i) + 1)), Token);
            Array.Fill(bytes, (byte)0xFF);
        }

        await consumer.WaitForAsync(400);
        Assert.Equal(Enumerable.Range(0, 400).Select(i => (long)i), consumer.Numbers);
        Assert.False(consumer.Overlapped);
        await Eventually.BecomesAsync(() => view.GetSnapshot() is { DeliveredRecords: 400, DeliveredBatches: 200, DroppedRecords: 0, HeldBatches: 0, HeldBytes: 0 });
    }

    [Theory]
    [InlineData(FullView.DropNewest)]
    [InlineData(FullView.DropOldest)]
    public async Task WriteAsync_consumer_that_never_returns_is_dropped_for_within_the_bounds_and_the_counts_add_up(FullView whenFull)
    {
        var consumer = new HeldConsumer();
        var view = new ViewSink(consumer, new ViewOptions { MaxBytes = 256 << 10, WhenFull = whenFull });
        var lent = Batches.Lent(1, records: 8, padding: 8_000);

        // 640 MB: completed at once every time, or this hangs.
        for (var i = 0; i < 10_000; i++)
        {
            Assert.True(view.WriteAsync(lent, Token).AsTask().IsCompletedSuccessfully);
        }

        await consumer.Entered;
        var full = view.GetSnapshot();
        Assert.InRange(full.HeldBytes, 1, 256 << 10);
        Assert.Equal(80_000, full.DeliveredRecords + full.DroppedRecords + full.HeldRecords);
        Assert.Equal(10_000, full.DeliveredBatches + full.DroppedBatches + full.HeldBatches);
        Assert.Equal(full.DroppedRecords, view.DroppedRecords);

        consumer.LetGo();
        await Eventually.BecomesAsync(() => view.GetSnapshot().HeldBatches == 0);
        var empty = view.GetSnapshot();
        Assert.Equal(80_000, empty.DeliveredRecords + empty.DroppedRecords);
        Assert.Equal((full.HeldBatches, 0L), (empty.DeliveredBatches, empty.HeldBytes));
        await view.DisposeAsync();
    }

    [Theory]
    [InlineData(FullView.DropNewest, new ulong[] { 1, 2, 3 })]
    [InlineData(FullView.DropOldest, new ulong[] { 1, 9, 10 })]
    public async Task WriteAsync_full_view_drops_whole_batches_of_the_chosen_end(FullView whenFull, ulong[] seen)
    {
        var consumer = new HeldConsumer();
        await using var view = new ViewSink(consumer, new ViewOptions { MaxBatches = 3, WhenFull = whenFull });
        await view.WriteAsync(Batches.Lent(1), Token);
        await consumer.Entered;
        for (var lsn = 2UL; lsn <= 10; lsn++)
        {
            await view.WriteAsync(Batches.Lent(lsn), Token);
        }

        consumer.LetGo();
        await Eventually.BecomesAsync(() => view.GetSnapshot().HeldBatches == 0);
        Assert.Equal(seen, consumer.Finished);
        Assert.Equal(7, view.GetSnapshot().DroppedBatches);
    }

    [Fact]
    public async Task WriteAsync_batch_larger_than_the_bound_is_taken_when_nothing_else_is_held()
    {
        var consumer = new CollectingSink();
        await using var view = new ViewSink(consumer, new ViewOptions { MaxBytes = 64 << 10 });
        await view.WriteAsync(RecordBatch.Borrow([Frames.Numbered(1, 1, padding: 60_000), Frames.Numbered(2, 2, padding: 60_000)], 2, new StreamPosition(1, 1, 1), Lsn.Create(0, 1)), Token);
        await consumer.WaitForAsync(2);
    }

    [Fact]
    public async Task Leases_of_delivered_dropped_failed_and_abandoned_batches_are_all_given_back()
    {
        var (batches, consumer) = (new List<RecordBatch>(), new HeldConsumer());
        var view = new ViewSink(new FailingAfter(consumer), new ViewOptions { MaxBatches = 4, WhenFull = FullView.DropOldest });
        for (var lsn = 1UL; lsn <= 20; lsn++)
        {
            var batch = Batches.Pooled(lsn);
            batches.Add(batch);
            await view.WriteAsync(batch, Token);
            batch.Release();
            await consumer.Entered;
        }

        consumer.LetGo();
        await view.DisposeAsync();
        var late = Batches.Pooled(21);
        await view.WriteAsync(late, Token);
        late.Release();

        Assert.All([.. batches, late], batch => Assert.True(Batches.IsGivenBack(batch)));
        var end = view.GetSnapshot();
        Assert.Equal((1, 20, 3, 0), (end.DeliveredBatches, end.DroppedBatches, end.FailedBatches, end.HeldBatches));
    }

    [Fact]
    public async Task Consumer_that_throws_is_told_of_once_a_minute_and_goes_on_with_the_next_batch()
    {
        var (time, logger) = (new FakeTimeProvider(), new ListLogger<ViewSink>());
        var consumer = new CollectingSink { OnWrite = batch => batch.FirstLsn.Counter % 2 == 0 ? throw new IOException("browser gone") : ValueTask.CompletedTask };
        await using var view = new ViewSink(consumer, name: "panel", logger: logger, timeProvider: time);
        for (var lsn = 1UL; lsn <= 10; lsn++)
        {
            await view.WriteAsync(RecordBatch.Borrow([Frames.Numbered((long)lsn, lsn)], 1, new StreamPosition(1, 1, lsn), Lsn.Create(0, lsn)), Token);
        }

        await Eventually.BecomesAsync(() => view.GetSnapshot().HeldBatches == 0);
        Assert.Equal([1, 3, 5, 7, 9], consumer.Numbers);
        Assert.Equal((5, 5, "browser gone"), (view.GetSnapshot().FailedBatches, view.GetSnapshot().DroppedRecords, view.GetSnapshot().LastFailure));
        Assert.Single(logger.Entries, entry => entry.Level == LogLevel.Error && entry.Text.Contains("panel", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Dropping_is_a_warning_once_a_minute_that_says_how_many_and_what_to_do()
    {
        var (time, logger, consumer) = (new FakeTimeProvider(), new ListLogger<ViewSink>(), new HeldConsumer());
        await using var view = new ViewSink(consumer, new ViewOptions { MaxBatches = 2 }, "panel", logger: logger, timeProvider: time);
        await WriteAsync(12);
        Assert.Equal("1 records", Assert.Single(logger.Entries).Text.Split(": ")[1][..9]);
        time.Advance(TimeSpan.FromMinutes(1));
        await WriteAsync(1);

        Assert.Equal((2, LogLevel.Warning), (logger.Entries.Count, logger.Entries[1].Level));
        Assert.Contains("10 records", logger.Entries[1].Text, StringComparison.Ordinal);
        Assert.Contains("Mev:Ingest:Views:panel:MaxBytes", logger.Entries[1].Text, StringComparison.Ordinal);
        consumer.LetGo();

        async Task WriteAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                await view.WriteAsync(Batches.Lent(1), Token);
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task DisposeAsync_cancels_a_busy_consumer_drops_what_waits_and_returns_even_if_it_does_not(bool listens)
    {
        var (time, consumer) = (new FakeTimeProvider(), new HeldConsumer { ListensToItsToken = listens });
        var view = new ViewSink(consumer, timeProvider: time);
        var batch = Batches.Pooled(1);
        await view.WriteAsync(batch, Token);
        batch.Release();
        await view.WriteAsync(Batches.Lent(2), Token);
        await consumer.Entered;

        var disposing = view.DisposeAsync().AsTask();
        await Eventually.AdvanceUntilAsync(time, TimeSpan.FromMilliseconds(500), () => disposing.IsCompleted);
        await disposing;

        Assert.Equal((listens ? 2 : 1, listens ? 0 : 1), (view.GetSnapshot().DroppedBatches, view.GetSnapshot().HeldBatches));
        Assert.Equal(listens, Batches.IsGivenBack(batch));
        consumer.LetGo();
        await Eventually.BecomesAsync(() => view.GetSnapshot().HeldBatches == 0 && Batches.IsGivenBack(batch));
    }

    [Fact]
    public async Task DisposeAsync_consumer_may_finish_what_waits()
    {
        var consumer = new HeldConsumer();
        var view = new ViewSink(consumer);
        await view.WriteAsync(Batches.Lent(1), Token);
        await view.WriteAsync(Batches.Lent(2), Token);
        await consumer.Entered;
        var disposing = view.DisposeAsync().AsTask();
        consumer.LetGo();
        await disposing;
        Assert.Equal([1UL, 2UL], consumer.Finished);
        await view.DisposeAsync();
    }

    [Fact]
    public async Task Metrics_carry_view_and_reason()
    {
        var measured = new Dictionary<string, long>(StringComparer.Ordinal);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, owner) =>
        {
            if (instrument.Name.StartsWith("mev.ingest.view.", StringComparison.Ordinal))
            {
                owner.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var texts = tags.ToArray().Select(tag => $"{tag.Value}").ToArray();
            if (texts is ["measured", ..])
            {
                lock (measured)
                {
                    var key = instrument.Name["mev.ingest.view.".Length..] + string.Concat(texts.Skip(1).Select(text => ":" + text));
                    measured[key] = measured.GetValueOrDefault(key) + value;
                }
            }
        });
        listener.Start();
        var consumer = new HeldConsumer();
        var view = new ViewSink(consumer, new ViewOptions { MaxBatches = 2 }, "measured");
        for (var lsn = 1UL; lsn <= 5; lsn++)
        {
            await view.WriteAsync(Batches.Lent(lsn, records: 3), Token);
        }

        consumer.LetGo();
        await view.DisposeAsync();
        await view.WriteAsync(Batches.Lent(6), Token);
        Assert.Equal(new Dictionary<string, long>(StringComparer.Ordinal) { ["delivered"] = 6, ["dropped:full"] = 9, ["dropped.batches:full"] = 3, ["dropped:stopped"] = 1, ["dropped.batches:stopped"] = 1 }, measured);
    }

    [Fact]
    public void Constructor_refuses_a_log_and_options_out_of_range_by_their_keys()
    {
        Assert.Contains("must see every record", Assert.Throws<ArgumentException>(() => new ViewSink(new FakeLog())).Message, StringComparison.Ordinal);
        var bad = Assert.Throws<ArgumentException>(() => new ViewSink(new CollectingSink(), new ViewOptions { MaxBytes = 1, MaxBatches = 1, WhenFull = (FullView)9 }, "panel"));
        Assert.All(["MaxBytes", "MaxBatches", "WhenFull"], key => Assert.Contains($"Mev:Ingest:Views:panel:{key} ", bad.Message, StringComparison.Ordinal));
    }

    // The first batch is the held consumer's, all others fail.
    private sealed class FailingAfter(HeldConsumer first) : IRecordSink
    {
        public ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default) =>
            batch.FirstLsn.Counter == 1 ? first.WriteAsync(batch, cancellationToken) : throw new InvalidOperationException("no");
    }
}
