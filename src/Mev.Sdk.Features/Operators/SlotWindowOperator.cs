namespace Mev.Sdk.Features.Operators;

/// <summary>What the last slots were like: failures and load.</summary>
internal sealed class SlotWindowOperator() : FeatureOperator(
[
    new(new("market.failure_rate", "1"), WindowSlots - 1, FeatureInputs.Earlier,
        "Share of failed among the earlier transactions with status meta, votes left out, of this slot and the slots of the look-back; missing when there are none."),
    new(new("market.slot_compute", "CU/slot"), WindowSlots - 1, FeatureInputs.Earlier,
        "Compute units consumed a slot, votes left out, averaged over the slots of the look-back in which anything was seen, this slot left out; missing when there is none."),
])
{
    internal const int WindowSlots = 16;

    private readonly Bucket[] _buckets = new Bucket[WindowSlots];

    public override void Compute(in FeatureInput input, Span<float> destination)
    {
        ulong failed = 0, executed = 0, computeUnits = 0;
        var slots = 0;
        var now = input.HighestSlot;
        foreach (ref readonly var bucket in _buckets.AsSpan())
        {
            // Empty buckets carry slot 0, which may lie within the window of the very first slots only and counts nothing there.
            if (bucket.Slot + WindowSlots <= now || bucket.Executed == 0)
            {
                continue;
            }

            failed += bucket.Failed;
            executed += bucket.Executed;
            if (bucket.Slot != now)
            {
                computeUnits += bucket.ComputeUnits;
                slots++;
            }
        }

        destination[0] = executed == 0 ? float.NaN : (float)((double)failed / executed);
        destination[1] = slots == 0 ? float.NaN : (float)((double)computeUnits / slots);
    }

    public override void Update(in FeatureInput input)
    {
        ref readonly var block = ref input.Transaction.Record;
        if (!input.HasMeta || input.IsVote || block.Slot + WindowSlots <= input.HighestSlot)
        {
            return;
        }

        ref var bucket = ref _buckets[block.Slot % WindowSlots];
        if (bucket.Slot != block.Slot)
        {
            bucket = new Bucket { Slot = block.Slot };
        }

        bucket.Executed++;
        bucket.Failed += input.IsFailed ? 1u : 0u;
        bucket.ComputeUnits += block.ComputeUnitsConsumed;
    }

    private struct Bucket
    {
        public ulong Slot;
        public ulong ComputeUnits;
        public uint Executed;
        public uint Failed;
    }
}
