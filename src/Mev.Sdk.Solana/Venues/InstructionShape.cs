namespace Mev.Sdk.Solana.Venues;

/// <summary>One instruction of a venue: how it is told and where it names its accounts.</summary>
/// <param name="Role">What it does.</param>
/// <param name="Discriminator">First bytes of its data as they read in a hexadecimal dump, aligned to the left of 8 bytes.</param>
/// <param name="DiscriminatorBytes">How many of them count: 1 or 8; 0 = the program scrambles its data, and any will do.</param>
/// <param name="Pool">Position of the pool in its accounts; -1 = not named.</param>
/// <param name="VaultA">Position of one token account of the pool; -1 = the vaults are told by what moved.</param>
/// <param name="VaultB">Position of the other.</param>
/// <param name="Minimum">Where its arguments say the least that the trader accepts.</param>
/// <param name="MinAccounts">Fewer accounts mean another layout of the same instruction; 0 = there is one.</param>
/// <param name="IsSecondHop">Whether it is the second swap of the instruction listed before it.</param>
internal readonly record struct InstructionShape(
    InstructionRole Role,
    ulong Discriminator,
    int DiscriminatorBytes,
    int Pool,
    int VaultA,
    int VaultB,
    MinimumOut Minimum,
    int MinAccounts = 0,
    bool IsSecondHop = false)
{
    /// <summary>A swap of a program made with Anchor.</summary>
    public static InstructionShape Swap(ulong discriminator, int pool, int vaultA, int vaultB, MinimumOut minimum) =>
        new(InstructionRole.Swap, discriminator, 8, pool, vaultA, vaultB, minimum);

    /// <summary>The second swap of the instruction listed before it.</summary>
    public static InstructionShape SecondHop(ulong discriminator, int pool, int vaultA, int vaultB, MinimumOut minimum) =>
        new(InstructionRole.Swap, discriminator, 8, pool, vaultA, vaultB, minimum, IsSecondHop: true);

    /// <summary>A swap told by one byte.</summary>
    public static InstructionShape ByteSwap(byte tag, int pool, int vaultA, int vaultB, MinimumOut minimum, int minAccounts = 0) =>
        new(InstructionRole.Swap, (ulong)tag << 56, 1, pool, vaultA, vaultB, minimum, minAccounts);

    /// <summary>Another instruction of a program made with Anchor.</summary>
    public static InstructionShape Of(InstructionRole role, ulong discriminator, int pool = -1) =>
        new(role, discriminator, 8, pool, -1, -1, MinimumOut.NotStated);

    /// <summary>Another instruction told by one byte.</summary>
    public static InstructionShape OfByte(InstructionRole role, byte tag, int pool = -1) =>
        new(role, (ulong)tag << 56, 1, pool, -1, -1, MinimumOut.NotStated);

    /// <summary>Whether data that starts with these 8 bytes (missing ones are 0) is this instruction.</summary>
    public bool Matches(ulong start, int dataLength, int accounts) =>
        dataLength >= DiscriminatorBytes && accounts >= MinAccounts
        && (DiscriminatorBytes == 0 || (start ^ Discriminator) >> (64 - (8 * DiscriminatorBytes)) == 0);
}
