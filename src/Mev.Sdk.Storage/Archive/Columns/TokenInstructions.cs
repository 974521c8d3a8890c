namespace Mev.Sdk.Storage.Archive.Columns;

/// <summary>First byte of an instruction of the SPL token programs. Source: <c>TokenInstruction</c> of spl-token.</summary>
internal static class TokenInstructions
{
    public const byte Transfer = 3;
    public const byte MintTo = 7;
    public const byte Burn = 8;
    public const byte CloseAccount = 9;
    public const byte TransferChecked = 12;
    public const byte MintToChecked = 14;
    public const byte BurnChecked = 15;
}
