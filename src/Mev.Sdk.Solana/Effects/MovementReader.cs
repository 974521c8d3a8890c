using Mev.Sdk.Solana.Internal;

namespace Mev.Sdk.Solana.Effects;

/// <summary>Shows all movements with their keys in place of indices.</summary>
internal static class MovementReader
{
    public static void Read(in ExecutionView view, GrowList<TokenMovement> movements, ReadOnlySpan<MovementPurpose> purposes)
    {
        foreach (ref readonly var transfer in view.Transfers)
        {
            ref readonly var step = ref view.Steps[transfer.Step];
            ref var movement = ref movements.Add();
            movement.Mint = view.MintOf(in transfer);
            movement.Decimals = view.DecimalsOf(in transfer);
            movement.Authority = view.Keys[transfer.Authority];
            movement.Sent = transfer.Sent;
            movement.Received = transfer.Received;
            movement.OuterInstruction = step.Outer;
            movement.InnerInstruction = step.Inner;
            movement.Kind = transfer.Kind;
            movement.Purpose = purposes[transfer.Step];
            movement.IsCollectible = transfer.Kind != MovementKind.Lamports && transfer.Sent == 1 && movement.Decimals == 0 && !movement.Mint.IsZero;
            if (transfer.Kind != MovementKind.Mint)
            {
                movement.Source = view.Keys[transfer.Source];
                movement.SourceOwner = OwnerOf(in view, transfer.Kind, transfer.Source);
            }

            if (transfer.Kind != MovementKind.Burn)
            {
                movement.Destination = view.Keys[transfer.Destination];
                movement.DestinationOwner = OwnerOf(in view, transfer.Kind, transfer.Destination);
            }
        }
    }

    private static Pubkey OwnerOf(in ExecutionView view, MovementKind kind, byte account) =>
        view.Tokens[account].IsKnown ? view.Tokens[account].Owner : kind == MovementKind.Lamports ? view.Keys[account] : default;
}
