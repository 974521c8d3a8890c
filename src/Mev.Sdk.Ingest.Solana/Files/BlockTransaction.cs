using Mev.Sdk.Records;

namespace Mev.Sdk.Ingest.Solana.Files;

/// <summary>One transaction of a block file, decoded.</summary>
public sealed class BlockTransaction
{
    private readonly SwapEntry[] _swaps;
    private readonly byte[] _wire;
    private readonly byte[] _meta;
    private readonly TransactionRecord _record;

    internal BlockTransaction(in TransactionRecord record, SwapEntry[] swaps, byte[] wire, byte[] meta)
    {
        _record = record;
        _swaps = swaps;
        _wire = wire;
        _meta = meta;
    }

    /// <summary>The record.</summary>
    public ref readonly TransactionRecord Record => ref _record;

    /// <summary>The swaps executed.</summary>
    public ReadOnlySpan<SwapEntry> Swaps => _swaps;

    /// <summary>The transaction's bytes; empty with <see cref="TransactionFlags.WireMissing"/>.</summary>
    public ReadOnlyMemory<byte> Wire => _wire;

    /// <summary>The status meta as ConfirmedBlock protobuf; empty when the file has none.</summary>
    public ReadOnlyMemory<byte> Meta => _meta;
}
