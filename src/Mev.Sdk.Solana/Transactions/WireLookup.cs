using System.Runtime.InteropServices;

namespace Mev.Sdk.Solana.Transactions;

/// <summary>One address lookup of a version-0 message where it stands.</summary>
/// <remarks>Borrows the transaction's bytes.</remarks>
public readonly ref struct WireLookup
{
    private readonly ReadOnlySpan<byte> _table;

    internal WireLookup(ReadOnlySpan<byte> table, ReadOnlySpan<byte> writable, ReadOnlySpan<byte> readOnly)
    {
        _table = table;
        WritableIndexes = writable;
        ReadonlyIndexes = readOnly;
    }

    /// <summary>The lookup table's account.</summary>
    public ref readonly Pubkey Table => ref MemoryMarshal.Cast<byte, Pubkey>(_table)[0];

    /// <summary>Entries of the table that are loaded as writable.</summary>
    public ReadOnlySpan<byte> WritableIndexes { get; }

    /// <summary>Entries of the table that are loaded as readonly.</summary>
    public ReadOnlySpan<byte> ReadonlyIndexes { get; }
}
