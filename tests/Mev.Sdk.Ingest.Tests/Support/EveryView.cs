using System.Runtime.InteropServices;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Tests.Support;

/// <summary>Reads a frame as every kind of record and message there is, to the last byte of every part.</summary>
internal static class EveryView
{
    public static ulong ReadAll(in RecordView record)
    {
        var sum = record.TryGetSlot(out var slot) ? slot : 0;
        if (TransactionView.TryRead(in record, out var transaction))
        {
            sum += Sum(in transaction.Record) + Sum(transaction.Swaps) + Sum(transaction.Wire) + Sum(transaction.Meta);
        }

        if (OpportunityView.TryRead(in record, out var opportunity))
        {
            sum += Sum(in opportunity.Record) + Sum(opportunity.Metadata);
        }

        if (OutcomeView.TryRead(in record, out var outcome))
        {
            sum += Sum(in outcome.Record) + Sum(outcome.Reason);
        }

        if (BlockView.TryRead(in record, out var block))
        {
            sum += Sum(in block.Record);
        }

        if (AccountView.TryRead(in record, out var account))
        {
            sum += Sum(in account.Record) + Sum(account.Data);
        }

        if (MetricView.TryRead(in record, out var metric))
        {
            sum += Sum(in metric.Record) + Sum(metric.Name) + Sum(metric.Tags);
        }

        if (NodeView.TryRead(in record, out var node))
        {
            sum += Sum(in node.Record) + Sum(node.Name) + Sum(node.Version) + Sum(node.Addresses);
        }

        if (StrategyView.TryRead(in record, out var strategy))
        {
            sum += Sum(in strategy.Record) + Sum(strategy.Name) + Sum(strategy.Parameters);
        }

        if (SlotView.TryRead(in record, out var slots))
        {
            sum += Sum(in slots.Record);
        }

        return sum + ReadOwn(in record) + ReadMessages(in record);
    }

    private static ulong ReadOwn(in RecordView record)
    {
        var sum = 0UL;
        if (GapView.TryRead(in record, out var gap))
        {
            sum += Sum(in gap.Record) + Sum(gap.Reason);
        }

        if (LabelView.TryRead(in record, out var label))
        {
            sum += Sum(in label.Record) + Sum(label.Legs) + Sum(label.Evidence);
        }

        if (PredictionView.TryRead(in record, out var prediction))
        {
            sum += Sum(in prediction.Record) + Sum(prediction.Scores) + Sum(prediction.ModelVersion);
        }

        if (ParameterChangeView.TryRead(in record, out var change))
        {
            sum += Sum(in change.Record) + Sum(change.Parameters) + Sum(change.Actor) + Sum(change.Reason);
        }

        if (AuditView.TryRead(in record, out var audit))
        {
            sum += Sum(in audit.Record) + Sum(audit.Actor) + Sum(audit.Action) + Sum(audit.Subject) + Sum(audit.Detail);
        }

        return sum;
    }

    private static ulong ReadMessages(in RecordView record)
    {
        var sum = 0UL;
        if (OpportunityScoresView.TryRead(in record, out var scores))
        {
            sum += Sum(in scores.Message) + Sum(scores.Scores) + Sum(scores.ModelVersion);
        }

        if (ParameterUpdateView.TryRead(in record, out var update))
        {
            sum += Sum(in update.Message) + Sum(update.Parameters);
        }

        if (ParameterResultView.TryRead(in record, out var result))
        {
            sum += Sum(in result.Message) + Sum(result.Reason);
        }

        return sum;
    }

    private static ulong Sum<T>(ref readonly T block)
        where T : unmanaged => Sum(new ReadOnlySpan<T>(in block));

    private static ulong Sum<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        var sum = 0UL;
        var bytes = MemoryMarshal.AsBytes(values);
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            sum += word;
        }

        foreach (var value in bytes[(bytes.Length & ~7)..])
        {
            sum += value;
        }

        return sum;
    }
}
