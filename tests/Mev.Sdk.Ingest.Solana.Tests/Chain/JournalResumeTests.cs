using Mev.Sdk.Ingest.Sequencing;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Solana.Rpc;
using Mev.Sdk.Ingest.Solana.Tests.Support;
using Mev.Sdk.Records;
using Mev.Sdk.Storage.Journal;

namespace Mev.Sdk.Ingest.Solana.Tests.Chain;

/// <summary>A chain source over the real journal, its files closed and opened between the runs.</summary>
public sealed class JournalResumeTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mev-sdk-").FullName;
    private FakeRpc _rpc = null!;

    public async ValueTask InitializeAsync() => _rpc = await FakeRpc.StartAsync(new FakeChain(100, 300, skipped: [103, 107, 250]));

    public async ValueTask DisposeAsync()
    {
        await _rpc.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Runs_over_the_journals_files_deliver_every_record_once()
    {
        await RunAsync(100, 140);
        await RunAsync(100, 141);
        await RunAsync(100, 260);
        await RunAsync(100, 260);
        await RunAsync(100, 399);
        await AssertAllAsync(_rpc.Chain.Slots);
    }

    [Fact]
    public async Task A_run_that_is_stopped_anywhere_is_taken_up_from_the_files()
    {
        for (var stop = 3; stop < 40; stop += 9)
        {
            // The stop comes within a request, so that some records of the run are with the journal and others are not.
            var asked = 0;
            using var cancel = new CancellationTokenSource();
            _rpc.Intercept = (_, method, _) =>
            {
                if (method == "getBlock" && ++asked == stop)
                {
                    cancel.Cancel();
                }

                return Task.FromResult(false);
            };
            await RunAsync(100, 220, cancel);
        }

        _rpc.Intercept = null;
        await RunAsync(100, 220);
        await AssertAllAsync(_rpc.Chain.Slots.Where(slot => slot <= 220));
    }

    private async Task RunAsync(ulong from, ulong to, CancellationTokenSource? stop = null)
    {
        await using var journal = Open();
        var lane = new SystemLane();
        await using var sequencer = new RecordSequencer([journal], journal, lane);
        var gaps = new GapLedger(lane);
        using var source = new SolanaRpcSource(
            new SolanaRpcSourceOptions
            {
                FromSlot = from,
                ToSlot = to,
                PollInterval = TimeSpan.FromMilliseconds(5),
                FillInterval = TimeSpan.FromMilliseconds(10),
                Connection = { Endpoint = _rpc.Url, RequestsPerSecond = 10_000, RetryInitialDelay = TimeSpan.FromMilliseconds(1), RetryMaxDelay = TimeSpan.FromMilliseconds(5) },
            },
            () => journal,
            gaps);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop?.Token ?? CancellationToken.None, TestContext.Current.CancellationToken);
        var running = source.RunAsync(sequencer, both.Token);
        try
        {
            await running.WaitAsync(Wait.Long, CancellationToken.None);
        }
        catch (OperationCanceledException) when (stop is { IsCancellationRequested: true })
        {
        }
    }

    private RecordJournal Open() => RecordJournal.Open(new JournalOptions { Directory = _folder, CommitInterval = TimeSpan.FromMilliseconds(5), BlockBytes = 8 << 10, SegmentBytes = 64 << 10, BufferBytes = 64 << 10 });

    private async Task AssertAllAsync(IEnumerable<ulong> slots)
    {
        await using var journal = Open();
        List<ulong> blocks = [], sequences = [];
        List<Signature> signatures = [];
        await foreach (var batch in journal.ReadAsync(Lsn.None, follow: false, TestContext.Current.CancellationToken))
        {
            foreach (var record in batch)
            {
                if (BlockView.TryRead(in record, out var block))
                {
                    blocks.Add(block.Record.Slot);
                }
                else if (TransactionView.TryRead(in record, out var transaction))
                {
                    signatures.Add(transaction.Record.Signature);
                }

                if (batch.First.SourceId != 0)
                {
                    sequences.Add(record.Header.Sequence);
                }
            }

            batch.Release();
        }

        ulong[] wanted = [.. slots];
        Assert.Equal(wanted, blocks);
        var all = wanted.SelectMany(slot => Enumerable.Range(0, FakeChain.PerBlock).Select(index => FakeChain.Sig(slot, index))).ToArray();
        Assert.Equal(all.Length, signatures.Count);
        Assert.Equal(all.Length, signatures.Intersect(all).Count());
        Assert.Equal(Enumerable.Range(1, sequences.Count).Select(number => (ulong)number), sequences.Order());
    }
}
