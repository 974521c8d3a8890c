using Mev.Sdk.Features.Sets;
using Mev.Sdk.Records;
using Mev.Sdk.TestKit;

namespace Mev.Sdk.Features.Tests.Sets;

public sealed class TrainingSetBuilderTests
{
    private static readonly FeatureEngineOptions Small = new() { MaxPools = 64, MaxTokens = 64, SightingWindow = 1000 };

    [Theory]
    [InlineData(108, 1)]
    [InlineData(109, 0)]
    public async Task BuildAsync_opportunity_counts_until_its_window_has_closed(ulong opportunitySlot, float label)
    {
        var set = await Build(new RecordStream()
            .Add(Make.Transaction(1, 100))
            .Add(new OpportunityRecord { TriggerSignature = Make.Signature(1), Slot = opportunitySlot })
            .Add(new SlotRecord { Slot = 200 }));

        Assert.Equal([label], set.Labels.ToArray());
        Assert.Equal(1 - label, set.UnmatchedOpportunities);
    }

    [Fact]
    public async Task BuildAsync_rows_whose_window_is_open_at_the_end_are_left_out_and_counted()
    {
        var set = await Build(new RecordStream()
            .Add(Make.Transaction(1, 100))
            .Add(Make.Transaction(2, 101))
            .Add(new OpportunityRecord { TriggerSignature = Make.Signature(2), Slot = 101 })
            .Add(new BlockRecord { Slot = 109 }));

        Assert.Equal(1, set.Count);
        Assert.Equal(0, set.Positives);
        Assert.Equal(1, set.OpenAtEnd);
        Assert.Equal(Lsn.Create(1, 1), set.LsnAt(0));
    }

    [Fact]
    public async Task BuildAsync_observed_opportunities_are_no_labels()
    {
        var set = await Build(new RecordStream()
            .Add(Make.Transaction(1, 100))
            .Add(new OpportunityRecord { TriggerSignature = Make.Signature(1), Slot = 100, Flags = OpportunityFlags.Observed })
            .Add(new SlotRecord { Slot = 200 }));

        Assert.Equal(0, set.Positives);
        Assert.Equal(1, set.ObservedOpportunities);
    }

    [Fact]
    public async Task BuildAsync_votes_and_second_sightings_are_no_rows()
    {
        var stream = new RecordStream()
            .Add(Make.Transaction(1, 100, TransactionFlags.HasMeta | TransactionFlags.Vote))
            .Add(Make.Transaction(2, 100))
            .Add(Make.Transaction(2, 101))
            .Add(new SlotRecord { Slot = 200 });
        var set = await Build(stream);
        var withVotes = await Build(stream, new TrainingSetOptions { IncludeVotes = true });

        Assert.Equal((1, 1), (set.Count, set.VotesSkipped));
        Assert.Equal(Make.Signature(2), set.SignatureAt(0));
        Assert.Equal((2, 0), (withVotes.Count, withVotes.VotesSkipped));
    }

    [Fact]
    public async Task BuildAsync_vectors_are_the_live_engines_to_the_bit()
    {
        var stream = RandomMarket.Create(3, 3_000);
        var live = new Vectors(stream, () => 7);
        var set = await Build(stream.Add(new SlotRecord { Slot = 1_000_000 }), new TrainingSetOptions { IncludeVotes = true });

        Assert.Equal(live.Count, set.Count);
        for (var row = 0; row < set.Count; row++)
        {
            Assert.Equal(live.Lsns[row], set.LsnAt(row));
            Assert.Equal(
                live.Rows[row].Select(BitConverter.SingleToInt32Bits),
                set.RowAt(row).ToArray().Select(BitConverter.SingleToInt32Bits));
        }
    }

    [Fact]
    public async Task BuildAsync_label_of_a_row_never_depends_on_records_behind_its_window()
    {
        var stream = RandomMarket.Create(6, 3_000);
        var whole = await Build(stream);
        var cut = await Build(stream.Truncate(1_500));

        Assert.InRange(cut.Count, 300, whole.Count - 1);
        Assert.Equal(whole.Labels.ToArray().Take(cut.Count), cut.Labels.ToArray());
        Assert.True(cut.Positives > 0);
    }

    [Fact]
    public async Task BuildAsync_stops_at_the_most_rows_allowed()
    {
        var set = await Build(RandomMarket.Create(6, 3_000), new TrainingSetOptions { MaxRows = 100 });

        Assert.Equal(100, set.Count);
        Assert.Equal(100, set.Labels.Length);
    }

    [Fact]
    public void Constructor_option_out_of_range_names_its_key()
    {
        Assert.Contains("Mev:Models:Set:LabelWindowSlots", Assert.Throws<ArgumentException>(
            () => new TrainingSetBuilder(new TrainingSetOptions { LabelWindowSlots = 0 })).Message, StringComparison.Ordinal);
        Assert.Contains("Mev:Models:Set:MaxRows", Assert.Throws<ArgumentException>(
            () => new TrainingSetBuilder(new TrainingSetOptions { MaxRows = 0 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WriteAsync_stores_every_row_in_batches()
    {
        var set = await Build(RandomMarket.Create(6, 500).Add(new SlotRecord { Slot = 1_000_000 }));
        var store = new ListStore();

        await store.WriteAsync(set, "v1", DateTimeOffset.UnixEpoch, batchRows: 64, TestContext.Current.CancellationToken);

        Assert.Equal(set.Count, store.Rows.Count);
        Assert.All(store.Writes, static n => Assert.InRange(n, 1, 64));
        Assert.Equal(set.LsnAt(70), store.Rows[70].TransactionLsn);
        Assert.Equal(set.RowAt(70).ToArray(), store.Rows[70].Features.ToArray());
    }

    [Fact]
    public async Task ReadAsync_frames_without_lsns_are_numbered_and_checked()
    {
        var frame = new byte[Records.SlotView.GetFrameLength()];
        Records.SlotView.Write(frame, 0, new SlotRecord { Slot = 1 });
        var lsns = new List<Lsn>();
        await foreach (var batch in FrameReplay.ReadAsync([frame.Concat(frame).ToArray(), ReadOnlyMemory<byte>.Empty, frame], TestContext.Current.CancellationToken))
        {
            foreach (var record in batch)
            {
                lsns.Add(record.Lsn);
            }

            batch.Release();
        }

        Assert.Equal([1UL, 2UL, 3UL], lsns.Select(static l => l.Counter));
        await Assert.ThrowsAsync<InvalidDataException>(() => Read(frame.AsMemory(0, frame.Length - 1)));
        frame[^9] ^= 1;
        await Assert.ThrowsAsync<Wire.FrameFormatException>(() => Read(frame));
    }

    private static async Task Read(ReadOnlyMemory<byte> chunk)
    {
        await foreach (var batch in FrameReplay.ReadAsync([chunk]))
        {
            batch.Release();
        }
    }

    private static Task<TrainingSet> Build(RecordStream stream, TrainingSetOptions? options = null) =>
        new TrainingSetBuilder(options, Small).BuildAsync(stream.BatchesAsync(() => 10), cancellationToken: TestContext.Current.CancellationToken);

    private sealed class ListStore : ITrainingSampleStore
    {
        public List<TrainingSample> Rows { get; } = [];

        public List<int> Writes { get; } = [];

        public ValueTask WriteAsync(
            FeatureSchema schema, IReadOnlyList<TrainingSample> samples, string? modelVersion, CancellationToken cancellationToken = default)
        {
            Rows.AddRange(samples);
            Writes.Add(samples.Count);
            return ValueTask.CompletedTask;
        }

        public IAsyncEnumerable<TrainingSample> ReadAsync(FeatureSchema schema, Lsn from, CancellationToken cancellationToken = default) =>
            Rows.ToAsyncEnumerable();
    }
}
