using Mev.Sdk.Records;
using Mev.Sdk.TestKit;

namespace Mev.Sdk.Features.Tests;

/// <summary>A stream with everything that can confuse an engine: repeated sightings, late slots, votes, failures, missing meta, other records.</summary>
internal static class RandomMarket
{
    public static RecordStream Create(int seed, int records)
    {
        var random = new Random(seed);
        var stream = new RecordStream();
        var slot = 1_000UL;
        ulong number = 0;
        while (stream.Count < records)
        {
            slot += random.Next(10) == 0 ? (ulong)random.Next(1, 30) : 0;
            switch (random.Next(12))
            {
                case 0:
                    stream.Add(new OpportunityRecord { TriggerSignature = Make.Signature((ulong)random.Next(1, (int)number + 2)), Slot = slot });
                    break;
                case 1:
                    stream.Add(new BlockRecord { Slot = slot });
                    break;
                case 2:
                    stream.Add(new SlotRecord { Slot = slot, Stage = SightingStage.Confirmed });
                    break;
                default:
                    var seenBefore = random.Next(8) == 0 && number > 0;
                    AddTransaction(stream, random, seenBefore ? (ulong)random.Next(1, (int)number + 1) : ++number, slot);
                    break;
            }
        }

        return stream;
    }

    private static void AddTransaction(RecordStream stream, Random random, ulong number, ulong slot)
    {
        var kind = random.Next(10);
        var flags = kind switch
        {
            0 => TransactionFlags.HasMeta | TransactionFlags.Vote,
            1 => TransactionFlags.HasMeta | TransactionFlags.Failed,
            2 => TransactionFlags.None,
            _ => TransactionFlags.HasMeta,
        };
        var record = Make.Transaction(number, slot - (ulong)(random.Next(10) == 0 ? random.Next(40) : 0), flags);
        record.ComputeUnitsConsumed = (uint)random.Next(200_000);
        record.ComputeUnitPriceMicroLamports = (ulong)random.Next(100_000);
        record.ComputeUnitLimit = random.Next(3) == 0 ? 0u : 200_000u;
        record.TipLamports = random.Next(4) == 0 ? (ulong)random.Next(100_000) : 0;
        var swaps = kind < 3 ? [] : new SwapEntry[random.Next(4)];
        for (var i = 0; i < swaps.Length; i++)
        {
            var token = Make.Key(100 + (ulong)random.Next(40));
            var pool = (ulong)random.Next(120);
            var sol = random.NextInt64(1_000, 5_000_000_000);
            var amount = random.NextInt64(1_000, 1_000_000_000);
            swaps[i] = random.Next(2) == 0
                ? Make.Swap(pool, Make.WrappedSol, (ulong)sol, token, (ulong)amount, (VenueId)random.Next(8))
                : Make.Swap(pool, token, (ulong)amount, Make.WrappedSol, (ulong)sol, (VenueId)random.Next(8));
            swaps[i].ReserveInBefore = random.Next(3) == 0 ? 0 : (ulong)random.NextInt64(1, long.MaxValue);
            swaps[i].ReserveOutBefore = swaps[i].AmountOut * (ulong)random.Next(1, 1000);
            swaps[i].MinimumAmountOut = random.Next(2) == 0 ? 0 : swaps[i].AmountOut * 99 / 100;
        }

        stream.Add(in record, swaps);
    }
}
