using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.DashboardHost.Ingest;

/// <summary>What sources told of slots: the stages that the newest ones reached. A few numbers a source.</summary>
/// <remarks>Registered by AddView: it is for display alone, so it may miss records, and nothing that it does reaches the intake. Thread-safe.</remarks>
internal sealed class SlotWatch : IRecordSink
{
    private static readonly long MaxSeconds = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    private readonly Lock _gate = new();
    private readonly Dictionary<uint, SlotFacts> _sources = [];

    /// <summary>What a source told; null when nothing.</summary>
    public SlotFacts? Read(uint sourceId)
    {
        lock (_gate)
        {
            return _sources.GetValueOrDefault(sourceId);
        }
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        foreach (var record in batch)
        {
            switch (record.Header.TemplateId)
            {
                case TemplateIds.Block when BlockView.TryRead(in record, out var block):
                    Add(batch.First.SourceId, in block.Record);
                    break;
                case TemplateIds.Slot when SlotView.TryRead(in record, out var slot):
                    Add(batch.First.SourceId, slot.Record.Slot, slot.Record.Stage);
                    break;
            }
        }

        return ValueTask.CompletedTask;
    }

    // A source may state any number: one that no calendar holds is as good as none.
    private static DateTimeOffset? Time(long seconds) => seconds <= 0 || seconds > MaxSeconds ? null : DateTimeOffset.FromUnixTimeSeconds(seconds);

    private void Add(uint source, in BlockRecord block)
    {
        Add(source, block.Slot, block.Stage);
        lock (_gate)
        {
            var facts = _sources[source];
            _sources[source] = facts with
            {
                Blocks = facts.Blocks + 1,
                NewestBlock = Math.Max(facts.NewestBlock, block.Slot),
                BlockTime = block.Slot > facts.NewestBlock ? Time(block.BlockTimeSeconds)
                    : block.Slot == facts.NewestBlock ? Time(block.BlockTimeSeconds) ?? facts.BlockTime
                    : facts.BlockTime,
            };
        }
    }

    // A later stage includes the earlier ones: what is final was processed.
    private void Add(uint source, ulong slot, SightingStage stage)
    {
        lock (_gate)
        {
            var facts = _sources.GetValueOrDefault(source) ?? new SlotFacts(source, 0, 0, 0, 0, 0, 0, null);
            _sources[source] = stage is SightingStage.Dropped or SightingStage.Forked
                ? facts with { Abandoned = facts.Abandoned + 1 }
                : facts with
                {
                    Processed = stage >= SightingStage.Processed ? Math.Max(facts.Processed, slot) : facts.Processed,
                    Confirmed = stage >= SightingStage.Confirmed ? Math.Max(facts.Confirmed, slot) : facts.Confirmed,
                    Finalized = stage >= SightingStage.Finalized ? Math.Max(facts.Finalized, slot) : facts.Finalized,
                };
        }
    }
}
