using System.Buffers;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Benchmarks.Data;

/// <summary>A stretch of history made of a block's real transactions: fresh signatures, payers that come again as real ones do, an opportunity to every fiftieth, a score to every third.</summary>
/// <remarks>Wire bytes and meta are left out: no table has them. The same batches in every run.</remarks>
internal sealed class HistoryFrames
{
    private const int PerSlot = 1000;
    private const int BatchTransactions = 20_000;
    private const int PayerCount = 50_000;
    private const ulong FirstSlot = 300_000_000;
    private const long FirstSecond = 1_750_000_000;
    private static readonly ulong LamportsAtMost = 50_000_000;
    private readonly List<(TransactionRecord Record, SwapEntry[] Swaps)> _models = [];
    private readonly Pubkey[] _payers = new Pubkey[PayerCount];
    private readonly Random _random = new(42);

    public HistoryFrames()
    {
        var (frames, origin) = FrameSource.Load();
        Origin = origin;
        var rest = frames.AsSpan();
        while (!rest.IsEmpty)
        {
            var length = (int)System.Runtime.InteropServices.MemoryMarshal.AsRef<FrameHeader>(rest).Length;
            if (TransactionView.TryRead(new RecordView(default, rest[..length]), out var view))
            {
                var record = view.Record;
                record.Flags |= TransactionFlags.WireMissing;
                _models.Add((record, view.Swaps.ToArray()));
            }

            rest = rest[length..];
        }

        var key = new byte[Pubkey.Size];
        for (var i = 0; i < PayerCount; i++)
        {
            _random.NextBytes(key);
            _payers[i] = new Pubkey(key);
        }
    }

    public string Origin { get; }

    /// <summary>Batches in LSN order, each to be released.</summary>
    public IEnumerable<RecordBatch> Batches(int transactions)
    {
        var lsn = 1UL;
        for (var first = 0; first < transactions; first += BatchTransactions)
        {
            var batch = Make(first, Math.Min(BatchTransactions, transactions - first), lsn);
            lsn += (ulong)batch.Count;
            yield return batch;
        }
    }

    private RecordBatch Make(int first, int count, ulong lsn)
    {
        var frames = new ArrayBufferWriter<byte>(count * 400);
        var records = 0;
        Span<byte> signature = stackalloc byte[Signature.Size];
        var scores = new List<ScoreEntry>();
        for (var number = first; number < first + count; number++)
        {
            var (record, swaps) = _models[number % _models.Count];
            _random.NextBytes(signature);
            record.Signature = new Signature(signature);
            (record.Slot, record.IndexInBlock) = (FirstSlot + (ulong)(number / PerSlot), (uint)(number % PerSlot));
            record.BlockTimeSeconds = FirstSecond + (number / PerSlot * 2 / 5);
            if (!record.Flags.HasFlag(TransactionFlags.Vote))
            {
                // A few pay for most: the rank of the payer is skewed.
                record.Payer = _payers[(int)(PayerCount * Math.Pow(_random.NextDouble(), 4))];
                record.FeeLamports += (ulong)_random.Next(20_000);
            }

            if (number % 3 == 0)
            {
                scores.Add(new ScoreEntry { TransactionLsn = lsn + (ulong)records, Score = (float)_random.NextDouble() });
            }

            var length = TransactionView.GetFrameLength(swaps.Length, 0, 0);
            TransactionView.Write(frames.GetSpan(length), 0, in record, swaps, [], []);
            Stamp(length);
            if (number % 50 == 0)
            {
                var profit = (long)(_random.NextDouble() * LamportsAtMost);
                var opportunity = new OpportunityRecord
                {
                    OpportunityId = (ulong)number, Kind = (OpportunityKind)(1 + _random.Next(5)), Slot = record.Slot, TriggerSignature = record.Signature, ExpectedProfitLamports = profit,
                    Flags = _random.Next(4) == 0 ? OpportunityFlags.Executed : OpportunityFlags.None,
                };
                length = OpportunityView.GetFrameLength(0);
                OpportunityView.Write(frames.GetSpan(length), 0, in opportunity, []);
                Stamp(length);
            }
        }

        var scored = scores.ToArray();
        var prediction = new PredictionRecord { FeatureSchemaHash = 1, TimeNanoseconds = FirstSecond * 1_000_000_000UL, Threshold = 0.5 };
        var size = PredictionView.GetFrameLength(scored.Length, 5);
        PredictionView.Write(frames.GetSpan(size), 0, in prediction, scored, "model"u8);
        Stamp(size);
        var rented = ArrayPool<byte>.Shared.Rent(frames.WrittenCount);
        frames.WrittenSpan.CopyTo(rented);
        return RecordBatch.Own(rented, frames.WrittenCount, records, new StreamPosition(1, 1, lsn), new Lsn(lsn));

        void Stamp(int length)
        {
            FrameWriter.Stamp(frames.GetSpan(length)[..length], lsn + (ulong)records, 0);
            frames.Advance(length);
            records++;
        }
    }
}
