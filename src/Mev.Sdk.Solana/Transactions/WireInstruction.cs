namespace Mev.Sdk.Solana.Transactions;

/// <summary>One outer instruction where it stands.</summary>
/// <remarks>Borrows the transaction's bytes.</remarks>
public readonly ref struct WireInstruction
{
    internal WireInstruction(byte programIndex, ReadOnlySpan<byte> accounts, ReadOnlySpan<byte> data)
    {
        ProgramIndex = programIndex;
        Accounts = accounts;
        Data = data;
    }

    /// <summary>Index of the program in the transaction's static keys.</summary>
    public byte ProgramIndex { get; }

    /// <summary>Indices of the accounts: static keys first, then loaded writable, then loaded readonly ones.</summary>
    public ReadOnlySpan<byte> Accounts { get; }

    /// <summary>What the program gets.</summary>
    public ReadOnlySpan<byte> Data { get; }
}
