using System.Runtime.CompilerServices;

namespace Mev.Sdk.Features.Operators;

/// <summary>When the main swap's pool was last traded, and how busily.</summary>
internal sealed class PoolActivityOperator(int maxPools) : FeatureOperator(
[
    new(new("pool.idle", "slots"), int.MaxValue, FeatureInputs.Execution | FeatureInputs.Earlier,
        "Slots since the main swap's pool was last traded; missing on its first trade, or its first after it was forgotten (Mev:Features:MaxPools)."),
])
{
    private readonly RecencyTable<PoolState> _pools = new(maxPools);

    public override void Compute(in FeatureInput input, Span<float> destination)
    {
        destination[0] = float.NaN;
        if (input.MainSwap < 0)
        {
            return;
        }

        ref var pool = ref _pools.Find(in input.Transaction.Swaps[input.MainSwap].Pool);
        if (!Unsafe.IsNullRef(ref pool))
        {
            var slot = input.Transaction.Record.Slot;
            destination[0] = slot > pool.LastSlot ? slot - pool.LastSlot : 0;
        }
    }

    public override void Update(in FeatureInput input)
    {
        foreach (ref readonly var swap in input.Transaction.Swaps)
        {
            if (swap.Pool.IsZero)
            {
                continue;
            }

            ref var pool = ref _pools.Touch(in swap.Pool);
            pool.LastSlot = Math.Max(pool.LastSlot, input.Transaction.Record.Slot);
        }
    }

    private struct PoolState
    {
        public ulong LastSlot;
    }
}
