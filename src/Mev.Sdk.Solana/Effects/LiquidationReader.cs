using Mev.Sdk.Solana.Internal;
using Mev.Sdk.Solana.Venues;

namespace Mev.Sdk.Solana.Effects;

/// <summary>Finds instructions that liquidate and reads what they moved.</summary>
internal static class LiquidationReader
{
    public static void Read(in ExecutionView view, GrowList<Liquidation> liquidations, Span<MovementPurpose> purposes)
    {
        for (var i = 0; i < view.Steps.Length; i++)
        {
            ref readonly var step = ref view.Steps[i];
            if (step.Kind != ProgramKind.Lending)
            {
                continue;
            }

            var discriminator = Anchor.DiscriminatorOf(view.Data(in step));
            foreach (var shape in view.ProgramOf(in step).Lending!.Liquidations)
            {
                if (shape.Discriminator == discriminator && shape.Liquidator < step.AccountsLength)
                {
                    Read(in view, i, in shape, ref liquidations.Add());
                    purposes[i..step.End].Fill(MovementPurpose.Liquidation);
                }
            }
        }
    }

    private static void Read(in ExecutionView view, int index, in LiquidationShape shape, ref Liquidation liquidation)
    {
        ref readonly var step = ref view.Steps[index];
        var accounts = view.Accounts(in step);
        var liquidator = accounts[shape.Liquidator];
        liquidation.Program = view.Keys[step.Program];
        liquidation.Liquidator = view.Keys[liquidator];
        liquidation.Obligation = (uint)shape.Obligation < (uint)accounts.Length ? view.Keys[accounts[shape.Obligation]] : default;
        liquidation.OuterInstruction = step.Outer;
        liquidation.InnerInstruction = step.Inner;
        foreach (ref readonly var transfer in view.TransfersBelow(index))
        {
            if (transfer.Kind != MovementKind.Token)
            {
                continue;
            }

            var gets = view.IsOwnedBy(transfer.Destination, liquidator);
            if (!gets && transfer.Authority == liquidator && transfer.Sent > liquidation.Repaid)
            {
                (liquidation.RepaidMint, liquidation.Repaid) = (view.MintOf(in transfer), transfer.Sent);
            }
            else if (gets && transfer.Authority != liquidator && transfer.Received > liquidation.Seized)
            {
                (liquidation.SeizedMint, liquidation.Seized) = (view.MintOf(in transfer), transfer.Received);
            }
        }
    }
}
