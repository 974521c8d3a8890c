using System.Text;
using Mev.Sdk.Records;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.ClickHouse.Internal;

/// <summary>Rows in RowBinary as the types of the contract.</summary>
internal static class HistoryRows
{
    public static List<TransactionRow> ReadTransactions(ref RowReader reader)
    {
        var rows = new List<TransactionRow>();
        while (reader.NextRow())
        {
            rows.Add(new TransactionRow
            {
                Lsn = new Lsn(reader.ReadUInt64()),
                RawLsn = new Lsn(reader.ReadUInt64()),
                Signature = new Signature(reader.ReadSignature()),
                Slot = reader.ReadUInt64(),
                BlockTime = ReadInstant(ref reader),
                Stage = (SightingStage)reader.ReadUInt8(),
                ProcessedAt = ReadInstant(ref reader) ?? default,
                IndexInBlock = reader.ReadUInt32(),
                Payer = new Pubkey(reader.ReadKey()),
                Flags = (TransactionFlags)reader.ReadUInt32(),
                FeeLamports = reader.ReadUInt64(),
                TipLamports = reader.ReadUInt64(),
                ComputeUnitPriceMicroLamports = reader.ReadUInt64(),
                ComputeUnitLimit = reader.ReadUInt32(),
                ComputeUnitsConsumed = reader.ReadUInt32(),
                ErrorCode = (TransactionErrorCode)reader.ReadUInt16(),
                ErrorCustomCode = reader.ReadUInt32(),
                SwapCount = reader.ReadUInt16(),
                FirstSwap = ReadSwap(ref reader),
                Score = reader.ReadNull() ? null : reader.ReadFloat32(),
                ModelVersion = reader.ReadNull() ? null : reader.ReadText(),
            });
        }

        return rows;
    }

    public static List<OpportunityRow> ReadOpportunities(ref RowReader reader)
    {
        var rows = new List<OpportunityRow>();
        while (reader.NextRow())
        {
            var lsn = new Lsn(reader.ReadUInt64());
            Skip(ref reader, 2); // source_id, session_id
            var id = reader.ReadUInt64();
            var kind = OpportunityTypes.Parse(Encoding.UTF8.GetString(reader.ReadBytes()));
            var strategy = reader.ReadUInt16();
            Signature? signature = reader.ReadNull() ? null : new Signature(reader.ReadSignature());
            var slot = reader.ReadUInt64();
            Skip(ref reader, 5); // pool, quote_mint, what was expected
            rows.Add(new OpportunityRow
            {
                Lsn = lsn,
                OpportunityId = id,
                Kind = kind,
                StrategyId = strategy,
                Signature = signature,
                Slot = slot,
                ProfitLamports = reader.ReadInt64(),
                CostLamports = reader.ReadUInt64(),
                ActualCostLamports = reader.ReadNull() ? null : reader.ReadUInt64(),
                Confidence = reader.ReadNull() ? null : reader.ReadFloat64(),
                Flags = (OpportunityFlags)reader.ReadUInt32(),
                DetectedAt = ReadInstant(ref reader),
                ExecutedAt = ReadInstant(ref reader),
                Success = reader.ReadNull() ? null : reader.ReadBoolean(),
                Outcome = (OutcomeStatus)reader.ReadUInt8(),
                Metadata = reader.ReadNull() ? "" : reader.ReadText(),
                TransactionLsn = reader.ReadNull() ? null : new Lsn(reader.ReadUInt64()),
            });
        }

        return rows;
    }

    private static SwapSummary? ReadSwap(ref RowReader reader)
    {
        if (reader.ReadNull())
        {
            Skip(ref reader, 7);
            return null;
        }

        return new SwapSummary(
            (VenueId)reader.ReadUInt16(),
            reader.ReadNull() ? default : new Pubkey(reader.ReadKey()),
            new Pubkey(reader.ReadKey()),
            new Pubkey(reader.ReadKey()),
            reader.ReadUInt64(),
            reader.ReadUInt64(),
            reader.ReadUInt8(),
            reader.ReadUInt8());
    }

    private static DateTimeOffset? ReadInstant(ref RowReader reader) =>
        reader.ReadNull() ? null : DateTimeOffset.UnixEpoch.AddTicks(reader.ReadTimestamp() * TimeSpan.TicksPerMicrosecond);

    private static void Skip(ref RowReader reader, int columns)
    {
        for (var i = 0; i < columns; i++)
        {
            reader.Skip();
        }
    }
}
