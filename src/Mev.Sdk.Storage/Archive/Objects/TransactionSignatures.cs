using System.Runtime.InteropServices;
using Mev.Sdk.Records;
using Mev.Sdk.Solana.Transactions;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>Finds the signatures by which a frame is found again: all of its transaction's, or the one that its record names when there is no wire.</summary>
internal static class TransactionSignatures
{
    public static ReadOnlySpan<Signature> Of(ReadOnlySpan<byte> frame)
    {
        ref readonly var header = ref MemoryMarshal.AsRef<FrameHeader>(frame);
        if (header.TemplateId != TemplateIds.Transaction)
        {
            return [];
        }

        var record = new RecordView(Lsn.None, frame);
        if (TransactionView.TryRead(in record, out var view) && WireTransaction.TryParse(view.Wire, out var wire) && wire.SignatureCount > 0)
        {
            // They stand in the frame, whatever the scopes of the views are: variable data is never copied.
            return MemoryMarshal.CreateReadOnlySpan(in wire.Signatures[0], wire.SignatureCount);
        }

        // The record begins with it.
        return header.BlockLength >= Signature.Size && frame.Slice(FrameHeader.Size, Signature.Size).ContainsAnyExcept((byte)0)
            ? MemoryMarshal.Cast<byte, Signature>(frame.Slice(FrameHeader.Size, Signature.Size))
            : [];
    }
}
