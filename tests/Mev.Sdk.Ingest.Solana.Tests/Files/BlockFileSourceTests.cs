using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Solana.Files;
using Mev.Sdk.Ingest.Solana.Tests.Support;
using Mev.Sdk.Records;

namespace Mev.Sdk.Ingest.Solana.Tests.Files;

public sealed class BlockFileSourceTests : IDisposable
{
    private readonly FakeChain _chain = new(100, 6);
    private readonly string _folder = Directory.CreateTempSubdirectory("mev-blocks").FullName;
    private readonly GapLedger _gaps = new();
    private readonly CollectingIntake _intake = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Run_reads_in_the_order_of_slots_and_ends()
    {
        foreach (var slot in new ulong[] { 104, 99 + 1, 102, 101, 103, 105 })
        {
            Write(slot);
        }

        await RunAsync(_intake);
        Assert.Equal([100ul, 101, 102, 103, 104, 105], _intake.Blocks.Select(b => b.Slot));
        Assert.Equal(12, _intake.Transactions.Count());
        Assert.All(_intake.Blocks, b => Assert.Equal(SightingStage.Finalized, b.Stage));
        Assert.Empty(_gaps.GetGaps());
    }

    [Fact]
    public async Task Run_behind_a_crash_at_any_record_reads_the_rest_once()
    {
        foreach (var slot in _chain.Slots)
        {
            Write(slot);
        }

        await RunAsync(_intake);
        for (var kept = 1; kept <= _intake.Records.Count; kept++)
        {
            var again = _intake.Truncate(kept);
            await RunAsync(again);
            Assert.Equal(_intake.Records.Select(r => r.Frame), again.Records.Select(r => r.Frame));
        }
    }

    [Fact]
    public async Task Run_writes_files_that_cannot_be_read_into_the_ledger_and_goes_on()
    {
        Write(100);
        File.WriteAllText(Path.Combine(_folder, "block-101.json"), "{\"parentSlot\":100,");
        File.WriteAllText(Path.Combine(_folder, "block-102.json"), """{"jsonrpc":"2.0","error":{"code":-32009,"message":"Slot 102 was skipped"},"id":1}""");
        File.WriteAllText(Path.Combine(_folder, "notes.json"), "[]");
        Write(103);
        await RunAsync(_intake);
        Assert.Equal([100ul, 103], _intake.Blocks.Select(b => b.Slot));
        Assert.Equal([(0ul, GapState.Final), (101, GapState.Final), (102, GapState.Final)], _gaps.GetGaps().Select(g => (g.FirstSlot, g.State)).Order().ToArray());
        Assert.Contains(_gaps.GetGaps(), g => g.Reason.Contains("block-102.json cannot be read: JSON-RPC error -32009: Slot 102 was skipped", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_that_follows_reads_files_as_they_come()
    {
        Write(100);
        var source = Source(_intake, TimeSpan.FromMilliseconds(10));
        await Wait.RunAsync(source, _intake, () =>
        {
            Write(101);
            return _intake.Blocks.Count() == 2;
        }, "the second file is read");
    }

    [Fact]
    public void Options_that_are_wrong_are_named_all_at_once()
    {
        var error = Assert.Throws<ArgumentException>(() => new BlockFileSource(new BlockFileSourceOptions { Pattern = "a/b", MaxFileBytes = 1 }));
        foreach (var key in new[] { "Folder", "Pattern", "MaxFileBytes" })
        {
            Assert.Contains($"Mev:Ingest:Solana:Files:{key}", error.Message, StringComparison.Ordinal);
        }
    }

    private void Write(ulong slot)
    {
        var path = Path.Combine(_folder, $"block-{slot}.json");
        if (!File.Exists(path))
        {
            File.WriteAllText(path + ".part", _chain.BlockJson(slot));
            File.Move(path + ".part", path);
        }
    }

    private BlockFileSource Source(CollectingIntake log, TimeSpan? follow = null) =>
        new(new BlockFileSourceOptions { Folder = _folder, FollowInterval = follow }, () => log, _gaps);

    private Task RunAsync(CollectingIntake intake) => Source(intake).RunAsync(intake, TestContext.Current.CancellationToken);
}
