using Mev.Sdk.Solana.Internal;
using Mev.Sdk.Solana.Venues;

namespace Mev.Sdk.Solana.Effects;

/// <summary>Reads what an instruction did to a pool's liquidity.</summary>
internal static class LiquidityReader
{
    public static void Read(in ExecutionView view, int index, VenueDefinition venue, in InstructionShape shape, ref LiquidityChange change)
    {
        ref readonly var step = ref view.Steps[index];
        var accounts = view.Accounts(in step);
        change.Program = view.Keys[step.Program];
        change.Pool = (uint)shape.Pool < (uint)accounts.Length ? view.Keys[accounts[shape.Pool]] : default;
        change.OuterInstruction = step.Outer;
        change.InnerInstruction = step.Inner;
        change.Venue = venue.Id;
        change.Action = shape.Role switch
        {
            InstructionRole.AddLiquidity => LiquidityAction.Add,
            InstructionRole.RemoveLiquidity => LiquidityAction.Remove,
            _ => LiquidityAction.Create,
        };

        // The first transfer tells who the owner is; later ones are counted when they are the same owner's.
        var removes = change.Action == LiquidityAction.Remove;
        var owner = -1;
        foreach (ref readonly var transfer in view.TransfersBelow(index))
        {
            if (transfer.Kind != MovementKind.Token || view.IsOwnedBy(transfer.Destination, transfer.Authority))
            {
                continue;
            }

            var side = removes ? transfer.Destination : transfer.Authority;
            if (owner < 0)
            {
                owner = side;
                change.Provider = removes ? view.Tokens[side].Owner : view.Keys[side];
            }
            else if (removes ? view.Tokens[side].Owner != change.Provider : side != owner)
            {
                continue;
            }

            Count(in view, in transfer, ref change);
        }
    }

    private static void Count(in ExecutionView view, in TokenTransfer transfer, ref LiquidityChange change)
    {
        var mint = view.MintOf(in transfer);
        if (change.AmountA == 0 || change.MintA == mint)
        {
            (change.MintA, change.DecimalsA) = (mint, view.DecimalsOf(in transfer));
            change.AmountA = Saturating.Add(change.AmountA, transfer.Received);
        }
        else if (change.AmountB == 0 || change.MintB == mint)
        {
            (change.MintB, change.DecimalsB) = (mint, view.DecimalsOf(in transfer));
            change.AmountB = Saturating.Add(change.AmountB, transfer.Received);
        }
    }
}
