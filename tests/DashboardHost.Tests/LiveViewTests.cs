using System.Runtime.InteropServices;
using Mev.Sdk.DashboardHost.Engine;
using Mev.Sdk.DashboardHost.Live;
using Mev.Sdk.Records;
using Mev.Sdk.TestKit;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Mev.Sdk.DashboardHost.Tests;

public sealed class LiveViewTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly LiveOptions _options = new() { FeedRows = 200, RowsPerUpdate = 10 };
    private readonly LiveView _view;
    private ulong _lsn = 1;

    public LiveViewTests() => _view = new LiveView(_time, Options.Create(_options));

    [Fact]
    public async Task Counters_count_a_signature_once_and_know_the_highest_slot()
    {
        await Write(1, 2, 3);
        await Write(3, 2, 4);
        var counters = _view.Read();
        Assert.Equal(4, counters.Transactions);
        Assert.Equal(1004UL, counters.Slot);
    }

    [Fact]
    public async Task Rate_is_the_mean_of_whole_seconds()
    {
        for (ulong second = 0; second < 4; second++)
        {
            await Write([.. Enumerable.Range(0, 10).Select(i => (second * 10) + (ulong)i + 1)]);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(10, _view.Read().TransactionsPerSecond);
        Assert.Equal([10, 10, 10, 10], _view.PointsAfter(0).Select(static p => p.Tx));
    }

    [Fact]
    public async Task Session_sends_a_snapshot_then_what_is_new_and_counts_what_it_left_out()
    {
        await Write([.. Enumerable.Range(1, 300).Select(static i => (ulong)i)]);
        var session = Session(new FeedFilter("all"));
        var first = session.Make(Panels(1));
        Assert.True(first.Snapshot);
        Assert.Equal(200, first.Rows.Length);
        Assert.Equal(300, first.Rows[0].N);

        await Write([.. Enumerable.Range(301, 25).Select(static i => (ulong)i)]);
        var second = session.Make(Panels(5));
        Assert.False(second.Snapshot);
        Assert.Equal(10, second.Rows.Length);
        Assert.Equal(25, second.Matched);
        Assert.Equal(3, second.Missed);

        // Further than the ring remembers: the lost ones are counted too.
        await Write([.. Enumerable.Range(326, 500).Select(static i => (ulong)i)]);
        Assert.Equal(500, session.Make(Panels(6)).Matched);
    }

    [Fact]
    public async Task Session_holds_a_row_until_its_score_or_its_patience_ends()
    {
        await Write(1);
        await WriteScores((1, 0.9f));
        var session = Session(new FeedFilter("all"));
        Assert.Equal(0.9f, session.Make(Panels(1)).Rows[0].Score);

        var lsn = _lsn;
        await Write(2, 3);
        Assert.Empty(session.Make(Panels(2)).Rows);
        await WriteScores((lsn, 0.25f));
        var scored = Assert.Single(session.Make(Panels(3)).Rows);
        Assert.Equal(0.25f, scored.Score);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(Assert.Single(session.Make(Panels(4)).Rows).Score);
    }

    [Fact]
    public void Session_is_stuck_only_while_a_message_stays_on_its_way()
    {
        var session = Session(new FeedFilter("all"));
        session.Make(Panels(1));
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(session.IsStuck);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(session.IsStuck);
        session.Taken();
        Assert.False(session.IsStuck);
    }

    [Theory]
    [InlineData("swap", 0, "", 1)]
    [InlineData("failed", 0, "", 1)]
    [InlineData("vote", 0, "", 0)]
    [InlineData("all", (int)VenueId.OrcaWhirlpool, "", 1)]
    [InlineData("all", (int)VenueId.PumpFun, "", 0)]
    [InlineData("all", 0, "sol", 1)]
    [InlineData("all", 0, "zzzz", 0)]
    public async Task Filter_shows_what_it_names(string kind, int venue, string search, int rows)
    {
        var swap = new SwapEntry { Venue = VenueId.OrcaWhirlpool, MintIn = Make.WrappedSol, MintOut = Make.Key(77), AmountIn = 1_500_000_000, DecimalsIn = 9 };
        await Write(Frame(Make.Transaction(1, 1000), swap));
        await Write(Frame(Make.Transaction(2, 1000, TransactionFlags.Failed | TransactionFlags.HasMeta)));
        var update = Session(new FeedFilter(kind, venue, search)).Make(Panels(1));
        Assert.Equal(rows, update.Rows.Length);
        Assert.All(update.Rows.Where(static r => r.Legs > 0), static r => Assert.Equal("1.50 SOL", r.Value));
    }

    [Theory]
    [InlineData(OutcomeStatus.Succeeded, 88, "succeeded", 76L)]
    [InlineData(OutcomeStatus.Failed, 0, "failed", -12L)]
    [InlineData(OutcomeStatus.LostToRival, 0, "lost", null)]
    [InlineData(OutcomeStatus.Dropped, 0, "dropped", null)]
    public async Task Opportunities_close_with_their_outcome_net_of_fee_and_tip(OutcomeStatus status, long profit, string text, long? net)
    {
        var opportunity = new OpportunityRecord
        {
            OpportunityId = 9, Kind = OpportunityKind.Arbitrage, ExpectedProfitLamports = 100, ExpectedCostLamports = 30, Confidence = double.NaN,
        };
        var frame = new byte[OpportunityView.GetFrameLength(0)];
        OpportunityView.Write(frame, 0, in opportunity, default);
        await Write(frame);
        Assert.Equal(("open", 70L, true), Row());

        var outcome = new OutcomeRecord { OpportunityId = 9, Status = status, ProfitLamports = profit, FeeLamports = 5, TipLamports = 7 };
        frame = new byte[OutcomeView.GetFrameLength(0)];
        OutcomeView.Write(frame, 0, in outcome, default);
        await Write(frame);
        Assert.Equal((text, net, false), Row());

        (string Outcome, long? Profit, bool Expected) Row()
        {
            var row = OpportunityRow.From(Assert.Single(_view.Opportunities()));

            // What a peer sends as a belief may be anything; a number that is none must not reach JSON.
            Assert.Null(row.Confidence);
            return (row.Outcome, row.Profit, row.Expected);
        }
    }

    [Theory]
    [InlineData("Connected", 0, "live")]
    [InlineData("Connected", 3, "stale")]
    [InlineData("Disconnected", 0, "disconnected")]
    [InlineData("Connecting", 0, "connecting")]
    [InlineData("Ended", 60, "ended")]
    public void Compose_says_how_the_feed_is(string source, int quietSeconds, string expected)
    {
        var heard = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromSeconds(quietSeconds));
        var panels = Panels(1, Enum.Parse<SourceState>(source), heard);
        Assert.Equal(expected, panels.Status.State);
        Assert.Equal(expected is "live", panels.Tiles.LagMs is not null);
    }

    private LiveSession Session(FeedFilter filter) => new(_view, filter, _options, _time, static () => { });

    private LivePanels Panels(long version, SourceState state = SourceState.Connected, DateTimeOffset? heard = null)
    {
        var now = _time.GetUtcNow();
        var facts = new PipelineFacts(
            DataMode.Simulated, "", new SourceFacts(state, now, "", true, 1, 0, 0, 0, heard ?? now),
            new JournalFacts(Lsn.None, 0, 0, 0, ""), new DatabaseFacts(0, 0, 0, 0, ""), new ModelFacts(0, ModelPhase.Ready, "", now, "v", "", []));
        var counters = _view.Read() with { LagMilliseconds = 2 };
        return PanelComposer.Compose(version, counters, facts, [], [], 0, _options);
    }

    private async Task Write(params ulong[] numbers)
    {
        foreach (var number in numbers)
        {
            await Write(Frame(Make.Transaction(number, 1000 + number)));
        }
    }

    private async Task WriteScores(params (ulong Lsn, float Score)[] scores)
    {
        var entries = scores.Select(static s => new ScoreEntry { TransactionLsn = s.Lsn, Score = s.Score }).ToList();
        var frame = new byte[PredictionView.GetFrameLength(entries.Count, 1)];
        var record = new PredictionRecord { Threshold = 0.5 };
        PredictionView.Write(frame, 0, in record, CollectionsMarshal.AsSpan(entries), "m"u8);
        await Write(frame);
    }

    private static byte[] Frame(TransactionRecord record, params SwapEntry[] swaps)
    {
        var frame = new byte[TransactionView.GetFrameLength(swaps.Length, 0, 0)];
        TransactionView.Write(frame, 0, in record, swaps, default, default);
        return frame;
    }

    private async Task Write(byte[] frame)
    {
        var batch = RecordBatch.Borrow([frame], 1, new StreamPosition(1, 1, _lsn), new Lsn(_lsn));
        _lsn++;
        await _view.WriteAsync(batch);
    }
}
