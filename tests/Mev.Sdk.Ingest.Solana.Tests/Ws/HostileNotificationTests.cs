using System.Text;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Solana.Chain;
using Mev.Sdk.Ingest.Solana.Tests.Support;
using Mev.Sdk.Ingest.Solana.Ws;
using Mev.Sdk.Records;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mev.Sdk.Ingest.Solana.Tests.Ws;

/// <summary>Notifications of any shape: none ends the source, and none leaves the session without numbers.</summary>
public sealed class HostileNotificationTests
{
    private static readonly FakeChain Chain = new(100, 10);

    public static TheoryData<string> Notifications =>
    [
        """{"jsonrpc":"2.0","method":"slotNotification","params":{"result":{"parent":100,"root":70,"slot":101},"subscription":1}}""",
        """{"jsonrpc":"2.0","method":"rootNotification","params":{"result":101,"subscription":2}}""",
        $$$"""{"jsonrpc":"2.0","method":"logsNotification","params":{"result":{"context":{"slot":101},"value":{"signature":"{{{FakeChain.Sig(101, 0)}}}","err":null,"logs":["Program log: early"]}},"subscription":4}}""",
        $$$"""{"jsonrpc":"2.0","method":"blockNotification","params":{"result":{"context":{"slot":101},"value":{"slot":101,"block":{{{Chain.BlockJson(101)}}},"err":null}},"subscription":3}}""",
        """{"jsonrpc":"2.0","error":{"code":-32601,"message":"Method not found"},"id":3}""",
    ];

    [Theory]
    [MemberData(nameof(Notifications))]
    public async Task Take_of_every_wrong_notification_goes_on(string good)
    {
        foreach (var text in JsonMutations.Of(good))
        {
            await using var stand = new Stand();
            await stand.TakeAsync(Block(100));
            await stand.TakeAsync(text);
            await stand.TakeAsync(Block(102));
            Assert.Contains(stand.Intake.Blocks, block => block.Slot == 102);
            Assert.True(stand.Next < 1000, text[..Math.Min(text.Length, 400)]);
        }
    }

    [Fact]
    public async Task Take_of_a_log_that_the_journal_could_not_take_is_a_final_gap()
    {
        await using var stand = new Stand();
        var text = $$$"""{"jsonrpc":"2.0","method":"logsNotification","params":{"result":{"context":{"slot":101},"value":{"signature":"{{{FakeChain.Sig(101, 0)}}}","err":null,"logs":["{{{new string('x', ChainStream.MaxFrameBytes)}}}"]}},"subscription":4}}""";
        Assert.Null(await stand.TakeAsync(text));
        var gap = Assert.Single(stand.Gaps.GetGaps());
        Assert.Equal((101ul, 1ul, GapState.Final, GapCause.Dropped), (gap.FirstSlot, gap.MissingRecords, gap.State, gap.Cause));
        Assert.Empty(stand.Intake.Records);
    }

    private static string Block(ulong slot) => $$$"""{"jsonrpc":"2.0","method":"blockNotification","params":{"result":{"context":{"slot":{{{slot}}}},"value":{"slot":{{{slot}}},"block":{{{Chain.BlockJson(slot)}}},"err":null}},"subscription":3}}""";

    private sealed class Stand : IAsyncDisposable
    {
        private readonly ChainStream _stream;
        private readonly WsFollower _follower;

        public Stand()
        {
            var context = new ChainContext("w", 1, Gaps, new IngestMonitor().AddSource("w", ""), TimeProvider.System);
            _stream = new ChainStream(context, Intake, 1, new SlotBook(256));
            var filler = new GapFiller(_stream, fetcher: null, filter: null, TimeSpan.FromSeconds(1), 1, NullLogger.Instance);
            _follower = new WsFollower(_stream, filler, new SolanaWebSocketSourceOptions(), NullLogger.Instance);
        }

        public CollectingIntake Intake { get; } = new();

        public GapLedger Gaps { get; } = new();

        public ulong Next => _stream.Next;

        public Task<string?> TakeAsync(string text) => _follower.TakeAsync(Encoding.UTF8.GetBytes(text), TestContext.Current.CancellationToken);

        public ValueTask DisposeAsync()
        {
            _follower.Dispose();
            _stream.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
