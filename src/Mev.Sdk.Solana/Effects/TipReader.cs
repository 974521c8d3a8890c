using Mev.Sdk.Solana.Addresses;
using Mev.Sdk.Solana.Internal;

namespace Mev.Sdk.Solana.Effects;

/// <summary>Finds lamports that went to Jito's tip accounts.</summary>
internal static class TipReader
{
    public static void Read(in ExecutionView view, GrowList<TipPayment> tips, Span<MovementPurpose> purposes)
    {
        foreach (ref readonly var transfer in view.Transfers)
        {
            if (transfer.Kind != MovementKind.Lamports || !JitoTips.Contains(in view.Keys[transfer.Destination]))
            {
                continue;
            }

            ref readonly var step = ref view.Steps[transfer.Step];
            ref var tip = ref tips.Add();
            tip.Payer = view.Keys[transfer.Source];
            tip.Account = view.Keys[transfer.Destination];
            tip.Lamports = transfer.Sent;
            tip.OuterInstruction = step.Outer;
            tip.InnerInstruction = step.Inner;
            purposes[transfer.Step] = MovementPurpose.Tip;
        }
    }
}
