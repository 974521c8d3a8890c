using Grpc.Core;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Solana.Tests.Support;
using Mev.Sdk.Ingest.Solana.Yellowstone;
using Mev.Sdk.Ingest.Solana.Yellowstone.Protos;
using Mev.Sdk.Records;

namespace Mev.Sdk.Ingest.Solana.Tests.Yellowstone;

/// <summary>Against a server over a real socket that does what servers do.</summary>
public sealed class YellowstoneSourceTests : IAsyncLifetime
{
    private readonly FakeChain _chain = new(100, 10, skipped: [103, 107]);
    private readonly CollectingIntake _intake = new();
    private readonly GapLedger _gaps = new();
    private readonly IngestMonitor _monitor = new();
    private FakeGeyser _server = null!;
    private FakeRpc _rpc = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await FakeGeyser.StartAsync();
        _rpc = await FakeRpc.StartAsync(_chain);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _rpc.DisposeAsync();
    }

    [Fact]
    public async Task Run_delivers_transactions_blocks_and_stages()
    {
        _server.Scripts.Add(async (_, send, stop) =>
        {
            await send(new SubscribeUpdate { Ping = new SubscribeUpdatePing() });
            foreach (var slot in _chain.Slots)
            {
                await BlockAsync(send, slot);
                await send(FakeGeyser.Slot(slot, _chain.Parent(slot), SlotStatus.SlotConfirmed));
            }

            await send(FakeGeyser.Slot(108, 106, SlotStatus.SlotFinalized));
            await Forever(stop);
        });
        await RunAsync(() => _intake.Slots.Any(s => s.Stage == SightingStage.Finalized && s.Slot == 108) && !_server.Pings.IsEmpty, "all came");
        AssertWhole(_intake);
        Assert.Equal([1], _server.Pings);
        Assert.All(_intake.Blocks, block => Assert.Equal((2u, SightingStage.Processed, 1_700_000_000L), (block.TransactionCount, block.Stage, block.BlockTimeSeconds)));
        Assert.Equal(FakeChain.Wire(104, 1), Wire(_intake, FakeChain.Sig(104, 1)));
        Assert.Contains(_intake.Slots, s => s is { Slot: 109, Stage: SightingStage.Confirmed });
        Assert.Empty(_gaps.GetGaps());
    }

    [Fact]
    public async Task Run_over_connections_that_die_in_the_middle_of_blocks_loses_and_repeats_nothing()
    {
        // Each connection replays from the asked slot, and dies three messages later than the one before.
        for (var lives = 1; lives <= 40; lives += 3)
        {
            var left = lives;
            _server.Scripts.Add(async (request, send, _) =>
            {
                await ReplayAsync(request, async update =>
                {
                    if (left-- == 0)
                    {
                        throw new RpcException(new Status(StatusCode.Internal, "died"));
                    }

                    await send(update);
                });
            });
        }

        _server.Scripts.Add(async (request, send, stop) =>
        {
            await ReplayAsync(request, send);
            await Forever(stop);
        });
        await RunAsync(() => _intake.Blocks.Any(b => b.Slot == 109), "the last block came");
        AssertWhole(_intake);
        Assert.Empty(_gaps.GetGaps());
        Assert.True(_server.Connections > 3);
        Assert.True(_monitor.GetSnapshot().Sources[0].Duplicates > 0);
    }

    [Fact]
    public async Task Run_behind_a_crash_at_any_record_resumes_by_replay()
    {
        _server.Scripts.Add(async (request, send, stop) =>
        {
            await ReplayAsync(request, send);
            await Forever(stop);
        });
        await RunAsync(() => _intake.Blocks.Any(b => b.Slot == 109), "the last block came");
        var whole = _intake;
        foreach (var kept in new[] { 3, 4, 5, 8, 10, whole.Records.Count - 1 })
        {
            var again = whole.Truncate(kept);
            using var source = Source(Options(), again, new GapLedger());
            await Wait.RunAsync(source, again, () => again.Blocks.Any(b => b.Slot == 109), $"the rest behind record {kept} came");
            AssertWhole(again);
        }
    }

    [Fact]
    public async Task Run_drops_what_a_server_sends_twice()
    {
        _server.Scripts.Add(async (_, send, stop) =>
        {
            foreach (var slot in _chain.Slots)
            {
                for (var twice = 0; twice < 2; twice++)
                {
                    await BlockAsync(send, slot);
                    await send(FakeGeyser.Slot(slot, _chain.Parent(slot), SlotStatus.SlotConfirmed));
                }
            }

            await Forever(stop);
        });
        await RunAsync(() => _intake.Slots.Any(s => s is { Slot: 109, Stage: SightingStage.Confirmed }), "all came");
        AssertWhole(_intake);
        Assert.Equal(_intake.Slots.Count(), _intake.Slots.Select(s => (s.Slot, s.Stage)).Distinct().Count());
    }

    [Fact]
    public async Task Run_takes_transactions_that_come_behind_their_block()
    {
        _server.Scripts.Add(async (_, send, stop) =>
        {
            foreach (var slot in _chain.Slots)
            {
                await send(FakeGeyser.Transaction(slot, 0));
                await send(FakeGeyser.Meta(slot, _chain.Parent(slot)));
                await send(FakeGeyser.Transaction(slot, 1));
            }

            await Forever(stop);
        });
        await RunAsync(() => _intake.Blocks.Any(b => b.Slot == 109), "all came");
        Assert.Equal(_chain.Slots.Count * 2, _intake.Transactions.Count());
        Assert.Empty(_gaps.GetGaps());
    }

    public static TheoryData<string> Shorts => ["nothing", "short", "refused", "refused-with-info"];

    [Theory]
    [MemberData(nameof(Shorts))]
    public async Task Run_fills_by_RPC_what_a_replay_does_not_bring(string how)
    {
        _server.FirstAvailable = how == "refused-with-info" ? 106 : null;
        _server.Scripts.Add(async (_, send, _) =>
        {
            await BlockAsync(send, 100);
            await BlockAsync(send, 101);
            await send(FakeGeyser.Transaction(102, 0));
            throw new RpcException(new Status(StatusCode.DataLoss, "lagged"));
        });
        if (how.StartsWith("refused", StringComparison.Ordinal))
        {
            _server.Scripts.Add((request, _, _) => request.HasFromSlot
                ? throw new RpcException(new Status(StatusCode.InvalidArgument, "failed to get from_slot: broadcast from 101 is not available, last available: 106"))
                : Task.CompletedTask);
        }

        _server.Scripts.Add(async (request, send, stop) =>
        {
            foreach (var slot in _chain.Slots.Where(slot => slot >= (how == "short" ? 105ul : 106)))
            {
                await BlockAsync(send, slot);
            }

            await Forever(stop);
        });
        var options = Options();
        options.Fill.Endpoint = _rpc.Url;
        await RunAsync(options, () => _intake.Blocks.Any(b => b.Slot == 109) && _gaps.GetGaps() is [{ State: GapState.Healed }], "the gap is filled");
        Assert.Equal(_chain.Slots, _intake.Blocks.Select(b => b.Slot).Order());
        Assert.Equal(_chain.Slots.Count * 2, _intake.Transactions.Select(t => t.Signature).Distinct().Count());
        Assert.Equal(_chain.Slots.Count * 2, _intake.Transactions.Count());
        AssertNumbers(_intake);
    }

    [Fact]
    public async Task Run_without_an_RPC_endpoint_writes_down_what_a_replay_does_not_bring()
    {
        _server.Scripts.Add(async (_, send, _) =>
        {
            await BlockAsync(send, 100);
            await BlockAsync(send, 101);
        });
        _server.Scripts.Add(async (_, send, stop) =>
        {
            foreach (var slot in _chain.Slots.Where(slot => slot >= 106))
            {
                await BlockAsync(send, slot);
            }

            await Forever(stop);
        });
        await RunAsync(() => _intake.Blocks.Any(b => b.Slot == 109), "the last block came");
        var gap = Assert.Single(_gaps.GetGaps());
        Assert.Equal((102ul, 105ul, GapState.Final), (gap.FirstSlot, gap.LastSlot, gap.State));
        Assert.Equal([100ul, 101, 106, 108, 109], _intake.Blocks.Select(b => b.Slot));
    }

    [Fact]
    public async Task Run_finds_transactions_that_never_came()
    {
        var chain = new FakeChain(100, 30);
        await using var rpc = await FakeRpc.StartAsync(chain);
        _server.Scripts.Add(async (_, send, stop) =>
        {
            foreach (var slot in chain.Slots)
            {
                await send(FakeGeyser.Transaction(slot, 0));
                if (slot != 104)
                {
                    await send(FakeGeyser.Transaction(slot, 1));
                }

                await send(FakeGeyser.Meta(slot, slot - 1));
            }

            await Forever(stop);
        });
        var options = Options();
        options.Fill.Endpoint = rpc.Url;
        await RunAsync(options, () => _intake.Blocks.Any(b => b.Slot == 129) && _gaps.GetGaps() is [{ State: GapState.Healed, FirstSlot: 104, LastSlot: 104 }], "the gap is filled");
        Assert.Equal(60, _intake.Transactions.Select(t => t.Signature).Distinct().Count());
        Assert.Equal(60, _intake.Transactions.Count());
    }

    [Fact]
    public async Task Run_with_a_wrong_token_says_so_and_shows_it_to_nobody()
    {
        _server.Token = "the-right-one";
        var options = Options();
        options.Token = "the-wrong-one";
        await RunAsync(options, () => _monitor.GetSnapshot().Sources[0].Reason.Contains("Check the token", StringComparison.Ordinal), "the refusal is told");
        Assert.DoesNotContain("the-wrong-one", _monitor.GetSnapshot().Sources[0].Reason, StringComparison.Ordinal);
        Assert.Empty(_intake.Records);
    }

    [Fact]
    public async Task Run_gets_over_a_message_that_is_too_long()
    {
        var big = new SubscribeUpdate { Transaction = new SubscribeUpdateTransaction { Slot = 104, Transaction = new SubscribeUpdateTransactionInfo { Signature = Google.Protobuf.ByteString.CopyFrom(new byte[100_000]) } } };
        _server.Scripts.Add(async (request, send, stop) =>
        {
            foreach (var slot in _chain.Slots.Where(slot => !request.HasFromSlot || slot >= request.FromSlot))
            {
                if (slot == 104)
                {
                    await send(big);
                }

                await BlockAsync(send, slot);
            }

            await Forever(stop);
        });
        var options = Options();
        options.MaxMessageBytes = 64 << 10;
        options.Fill.Endpoint = _rpc.Url;
        await RunAsync(options, () => _intake.Blocks.Any(b => b.Slot == 109) && _intake.Blocks.Any(b => b.Slot == 104), "the blocks behind it came");
        Assert.Equal(_chain.Slots, _intake.Blocks.Select(b => b.Slot).Order());
        Assert.Equal(_chain.Slots.Count * 2, _intake.Transactions.Count());
    }

    [Fact]
    public async Task Run_counts_what_it_cannot_read_and_goes_on()
    {
        _server.Scripts.Add(async (_, send, stop) =>
        {
            foreach (var slot in _chain.Slots)
            {
                var broken = FakeGeyser.Transaction(slot, 1);
                if (slot == 104)
                {
                    broken.Transaction.Transaction.Transaction.Message.RecentBlockhash = Google.Protobuf.ByteString.CopyFrom(1, 2, 3);
                }

                await send(FakeGeyser.Transaction(slot, 0));
                await send(broken);
                await send(FakeGeyser.Meta(slot, _chain.Parent(slot)));
            }

            await Forever(stop);
        });
        await RunAsync(() => _intake.Blocks.Any(b => b.Slot == 109), "all came");
        var gap = Assert.Single(_gaps.GetGaps());
        Assert.Equal((104ul, 1ul, GapState.Final), (gap.FirstSlot, gap.MissingRecords, gap.State));
        Assert.Equal((_chain.Slots.Count * 2) - 1, _intake.Transactions.Count());
    }

    [Fact]
    public async Task Run_gives_a_silent_stream_up_and_opens_another()
    {
        _server.Scripts.Add((_, _, stop) => Forever(stop));
        _server.Scripts.Add(async (_, send, stop) =>
        {
            await BlockAsync(send, 100);
            await Forever(stop);
        });
        var options = Options();
        options.SilenceTimeout = TimeSpan.FromMilliseconds(500);
        await RunAsync(options, () => _intake.Blocks.Any(), "the second stream is heard");
    }

    [Fact]
    public async Task Run_with_whole_blocks_and_a_filter_delivers_what_is_wanted()
    {
        _server.Scripts.Add(async (_, send, stop) =>
        {
            foreach (var slot in _chain.Slots)
            {
                var meta = FakeGeyser.Meta(slot, _chain.Parent(slot)).BlockMeta;
                var block = new SubscribeUpdateBlock { Slot = slot, ParentSlot = meta.ParentSlot, Blockhash = meta.Blockhash, ParentBlockhash = meta.ParentBlockhash, BlockTime = meta.BlockTime, BlockHeight = meta.BlockHeight, ExecutedTransactionCount = 2 };
                block.Transactions.Add(FakeGeyser.Transaction(slot, 0).Transaction.Transaction);
                block.Transactions.Add(FakeGeyser.Transaction(slot, 1).Transaction.Transaction);
                await send(new SubscribeUpdate { Block = block });
            }

            await Forever(stop);
        });
        var options = Options();
        options.WholeBlocks = true;
        await RunAsync(options, () => _intake.Blocks.Any(b => b.Slot == 109), "all came");
        AssertWhole(_intake);
        Assert.All(_intake.Transactions, t => Assert.Equal(1_700_000_000, t.BlockTimeSeconds));
        Assert.True(_server.Requests.First().Blocks["mev"].IncludeTransactions);
    }

    [Fact]
    public async Task Run_delivers_writes_of_accounts_once()
    {
        var key = TestKit.Make.Key(5);
        _server.Scripts.Add(async (_, send, stop) =>
        {
            foreach (var version in new ulong[] { 1, 2, 2 })
            {
                await send(new SubscribeUpdate
                {
                    Account = new SubscribeUpdateAccount
                    {
                        Slot = 100,
                        Account = new SubscribeUpdateAccountInfo
                        {
                            Pubkey = Google.Protobuf.ByteString.CopyFrom(Pubkey.AsSpan(in key)), Owner = Google.Protobuf.ByteString.CopyFrom(Pubkey.AsSpan(in key)),
                            Lamports = 7, WriteVersion = version, RentEpoch = ulong.MaxValue, Executable = true, Data = Google.Protobuf.ByteString.CopyFrom(1, 2, 3),
                        },
                    },
                });
            }

            await BlockAsync(send, 100);
            await Forever(stop);
        });
        var options = Options();
        options.Accounts.Owners.Add(key.ToString());
        await RunAsync(options, () => _intake.Blocks.Any(), "all came");
        Assert.Equal([1ul, 2], _intake.Accounts.Select(a => a.WriteVersion));
        Assert.All(_intake.Accounts, a => Assert.Equal((key, 7ul, AccountFlags.Executable, ulong.MaxValue), (a.Address, a.Lamports, a.Flags, a.RentEpoch)));
        Assert.Equal([key.ToString()], _server.Requests.First().Accounts["mev"].Owner);
    }

    [Fact]
    public void Options_that_are_wrong_are_named_all_at_once()
    {
        var options = new YellowstoneSourceOptions { Endpoint = "ftp://secret", SilenceTimeout = TimeSpan.Zero, MaxMessageBytes = 1 };
        options.Transactions.AccountInclude.Add("no key");
        var error = Assert.Throws<ArgumentException>(() => new YellowstoneSource(options));
        foreach (var key in new[] { "Endpoint", "SilenceTimeout", "MaxMessageBytes", "Transactions:AccountInclude:0" })
        {
            Assert.Contains($"Mev:Ingest:Solana:Yellowstone:{key}", error.Message, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("ftp://secret", error.Message, StringComparison.Ordinal);
    }

    private static async Task Forever(CancellationToken stop) => await Task.Delay(Timeout.Infinite, stop).ContinueWith(_ => { }, TaskScheduler.Default);

    private static byte[] Wire(CollectingIntake intake, Signature signature)
    {
        foreach (var (_, frame) in intake.Records)
        {
            if (TransactionView.TryRead(new Wire.RecordView(Lsn.None, frame), out var view) && view.Record.Signature == signature)
            {
                return view.Wire.ToArray();
            }
        }

        return [];
    }

    private static void AssertNumbers(CollectingIntake intake) =>
        Assert.Equal(Enumerable.Range(1, intake.Records.Count).Select(n => (ulong)n), intake.Records.Select(r => r.Position.Sequence).Order());

    private async Task BlockAsync(Func<SubscribeUpdate, Task> send, ulong slot)
    {
        await send(FakeGeyser.Slot(slot, _chain.Parent(slot), SlotStatus.SlotFirstShredReceived));
        await send(FakeGeyser.Transaction(slot, 0));
        await send(FakeGeyser.Transaction(slot, 1));
        await send(FakeGeyser.Meta(slot, _chain.Parent(slot)));
    }

    private async Task ReplayAsync(SubscribeRequest request, Func<SubscribeUpdate, Task> send)
    {
        foreach (var slot in _chain.Slots.Where(slot => !request.HasFromSlot || slot >= request.FromSlot))
        {
            await BlockAsync(send, slot);
        }
    }

    private void AssertWhole(CollectingIntake intake)
    {
        Assert.Equal(_chain.Slots, intake.Blocks.Select(b => b.Slot));
        Assert.Equal(
            _chain.Slots.SelectMany(slot => Enumerable.Range(0, 2).Select(index => FakeChain.Sig(slot, index))),
            intake.Transactions.Select(t => t.Signature));
        AssertNumbers(intake);
    }

    private YellowstoneSourceOptions Options() => new()
    {
        Endpoint = _server.Url,
        ReconnectInitialDelay = TimeSpan.FromMilliseconds(2),
        ReconnectMaxDelay = TimeSpan.FromMilliseconds(20),
        FillInterval = TimeSpan.FromMilliseconds(10),
        SilenceTimeout = TimeSpan.FromSeconds(30),
        Fill = { RequestsPerSecond = 1000, RetryInitialDelay = TimeSpan.FromMilliseconds(1), RetryMaxDelay = TimeSpan.FromMilliseconds(5) },
    };

    private YellowstoneSource Source(YellowstoneSourceOptions options, CollectingIntake log, GapLedger gaps) => new(options, () => log, gaps, _monitor);

    private Task RunAsync(Func<bool> until, string what) => RunAsync(Options(), until, what);

    private async Task RunAsync(YellowstoneSourceOptions options, Func<bool> until, string what)
    {
        using var source = Source(options, _intake, _gaps);
        await Wait.RunAsync(source, _intake, until, what);
    }
}
