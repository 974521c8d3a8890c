using Mev.Sdk.Solana.Venues;

namespace Mev.Sdk.Solana.Instructions;

/// <summary>What the tables say of one instruction.</summary>
/// <param name="Layout">Names of accounts and arguments; <see cref="InstructionLayout.Unknown"/> when only the name is known.</param>
/// <param name="Name">Its name; null = nothing fits.</param>
/// <param name="Shape">Where a venue's instruction names its pool and vaults; null = not described there.</param>
internal readonly record struct DescribedInstruction(InstructionLayout Layout, string? Name, InstructionShape? Shape)
{
    public string? AccountName(int place) => Layout.AccountName(place) ?? (Shape is not { } shape ? null
        : place == shape.Pool ? "pool"
        : place == shape.VaultA || place == shape.VaultB ? "vault"
        : null);

    public InstructionField[] ReadFields(ReadOnlySpan<byte> data) => Layout.ReadFields(data);
}
