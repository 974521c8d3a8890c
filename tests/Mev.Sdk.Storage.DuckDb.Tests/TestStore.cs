using System.Text;
using Mev.Sdk.Records;
using Mev.Sdk.Storage.Tests;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.DuckDb.Tests;

/// <summary>A store in a folder of its own, fed directly with batches.</summary>
internal sealed class TestStore : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private ulong _next = 1;

    private TestStore() => Store = new DuckDbStore(new DuckDbOptions { Path = _folder.Combine("history.duckdb") });

    public DuckDbStore Store { get; private set; }

    public Lsn NextLsn => new(_next);

    public static async Task<TestStore> OpenAsync(ulong startingAt = 1)
    {
        var store = new TestStore { _next = startingAt };
        Assert.Equal(Lsn.None, await store.Store.OpenAsync(CancellationToken.None));
        return store;
    }

    /// <summary>Closes and opens, as a restart does: the filter is empty then.</summary>
    public async Task<Lsn> ReopenAsync()
    {
        Store.Dispose();
        Store = new DuckDbStore(new DuckDbOptions { Path = _folder.Combine("history.duckdb") });
        return await Store.OpenAsync(CancellationToken.None);
    }

    /// <summary>Leaves LSNs out, as a restart of the journal does.</summary>
    public void SkipTo(ulong lsn) => _next = lsn;

    /// <summary>Stores frames as one transaction; returns the LSN of the first.</summary>
    public async Task<Lsn> ApplyAsync(params byte[][] frames)
    {
        var first = NextLsn;
        var batch = TestRecords.Batch(frames, first, firstSequence: _next);
        _next += (ulong)frames.Length;
        await Store.ApplyAsync([batch], batch.LastLsn, CancellationToken.None);
        batch.Release();
        return first;
    }

    public long Scalar(string sql)
    {
        using var connection = new DuckDB.NET.Data.DuckDBConnection("Data Source=" + Store.Path + ";memory_limit=1024MiB;threads=2");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }

    public ValueTask DisposeAsync()
    {
        Store.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    public static Signature Sign(int number)
    {
        var bytes = new byte[Signature.Size];
        new Random(number).NextBytes(bytes);
        return new Signature(bytes);
    }

    public static Pubkey Key(int number)
    {
        var bytes = new byte[Pubkey.Size];
        new Random(number).NextBytes(bytes);
        return new Pubkey(bytes);
    }

    public static byte[] Transaction(int number, ulong slot = 100, Func<TransactionRecord, TransactionRecord>? change = null, params SwapEntry[] swaps)
    {
        var record = new TransactionRecord
        {
            Signature = Sign(number), Payer = Key(number), Slot = slot, BlockTimeSeconds = 1_700_000_000, Stage = SightingStage.Processed,
            Flags = TransactionFlags.HasMeta, FeeLamports = 5000, IndexInBlock = (uint)number,
        };
        record = change?.Invoke(record) ?? record;
        var frame = new byte[TransactionView.GetFrameLength(swaps.Length, 10, 0)];
        TransactionView.Write(frame, 1, in record, swaps, new byte[10], []);
        return frame;
    }

    public static byte[] Slot(ulong slot, SightingStage stage)
    {
        var frame = new byte[SlotView.GetFrameLength()];
        SlotView.Write(frame, 1, new SlotRecord { Slot = slot, Stage = stage });
        return frame;
    }

    public static byte[] Prediction(string model, params (Lsn Lsn, float Score)[] scores)
    {
        var name = Encoding.UTF8.GetBytes(model);
        var entries = scores.Select(static s => new ScoreEntry { TransactionLsn = s.Lsn.Value, Score = s.Score }).ToArray();
        var frame = new byte[PredictionView.GetFrameLength(entries.Length, name.Length)];
        PredictionView.Write(frame, 1, default, entries, name);
        return frame;
    }

    public static byte[] Opportunity(ulong id, int signature, Func<OpportunityRecord, OpportunityRecord>? change = null, string metadata = "{}")
    {
        var record = new OpportunityRecord
        {
            OpportunityId = id, TriggerSignature = signature == 0 ? default : Sign(signature), Slot = 100, Kind = OpportunityKind.Arbitrage, StrategyId = 3,
            ExpectedProfitLamports = 1000, ExpectedCostLamports = 50, DetectedNanoseconds = 1_700_000_000_123_456_789, Pool = Key(1),
        };
        record = change?.Invoke(record) ?? record;
        var text = Encoding.UTF8.GetBytes(metadata);
        var frame = new byte[OpportunityView.GetFrameLength(text.Length)];
        OpportunityView.Write(frame, 1, in record, text);
        return frame;
    }

    public static byte[] Outcome(ulong id, OutcomeStatus status, long profit = 0)
    {
        var record = new OutcomeRecord { OpportunityId = id, Status = status, ProfitLamports = profit, FeeLamports = 5, TipLamports = 7, CompletedNanoseconds = 1_700_000_001_000_000_000 };
        var frame = new byte[OutcomeView.GetFrameLength(0)];
        OutcomeView.Write(frame, 1, in record, []);
        return frame;
    }
}
