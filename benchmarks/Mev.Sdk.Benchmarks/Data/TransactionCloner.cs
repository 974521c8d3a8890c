using System.Runtime.InteropServices;
using System.Text;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Benchmarks.Data;

/// <summary>Makes transactions of real ones: every signature is fresh, and so is the payer wherever the frame names it, as bytes or as base58 text; all else is as it was.</summary>
/// <remarks>Thread-safe. What a new one has in common with its model repeats, so that such transactions are archived smaller than real ones would be.</remarks>
internal sealed class TransactionCloner
{
    private readonly Model[] _models;

    public TransactionCloner(IEnumerable<ArchiveInput> inputs) =>
        _models = [.. inputs.SelectMany(static input => input.Frames).Select(static entry => new Model(entry.Frame, entry.Residual))];

    /// <summary>Models that new transactions are made of, in turns.</summary>
    public int Models => _models.Length;

    /// <summary>Makes one.</summary>
    /// <param name="number">Which; its sequence too.</param>
    /// <param name="random">Where what is fresh comes from.</param>
    /// <param name="buffer">Gets the frame; grown where it is too short.</param>
    /// <param name="residual">What the model's JSON has beyond its frame.</param>
    /// <returns>Length of the frame.</returns>
    public int Make(int number, Random random, ref byte[] buffer, out byte[] residual)
    {
        var model = _models[number % _models.Length];
        residual = model.Residual;
        var length = model.Frame.Length;
        if (buffer.Length < length)
        {
            buffer = new byte[length * 2];
        }

        var frame = buffer.AsSpan(0, length);
        model.Frame.CopyTo(frame);
        Span<byte> fresh = stackalloc byte[Signature.Size];
        foreach (var places in model.Signatures)
        {
            random.NextBytes(fresh);
            Replace(frame, places, fresh);
        }

        // Texts of one length, so that nothing moves.
        Span<byte> text = stackalloc byte[Pubkey.MaxTextLength];
        int textLength;
        do
        {
            random.NextBytes(fresh[..Pubkey.Size]);
            textLength = Encoding.ASCII.GetBytes(new Pubkey(fresh[..Pubkey.Size]).ToString(), text);
        }
        while (textLength != model.PayerTextLength);
        Replace(frame, model.Payers, fresh[..Pubkey.Size]);
        Replace(frame, model.PayerTexts, text[..textLength]);

        // A slot has about as many as the block that the models are of.
        ref var record = ref MemoryMarshal.AsRef<TransactionRecord>(frame[FrameHeader.Size..]);
        (record.Slot, record.IndexInBlock) = (300_000_000 + (ulong)(number / 600), (uint)(number % 600));
        FrameWriter.Stamp(frame, (ulong)number + 1, 0);
        return length;
    }

    private static void Replace(Span<byte> frame, int[] places, ReadOnlySpan<byte> fresh)
    {
        foreach (var place in places)
        {
            fresh.CopyTo(frame[place..]);
        }
    }

    private sealed class Model
    {
        public Model(byte[] frame, byte[] residual)
        {
            (Frame, Residual) = (frame, residual);
            TransactionView.TryRead(new RecordView(default, frame), out var view);
            var payer = view.Record.Payer;
            var text = Encoding.ASCII.GetBytes(payer.ToString());
            Payers = Places(frame, Pubkey.AsSpan(in payer));
            PayerTexts = Places(frame, text);
            PayerTextLength = text.Length;
            if (!Mev.Sdk.Solana.Transactions.WireTransaction.TryParse(view.Wire, out var wire, out var failure))
            {
                throw new InvalidOperationException(failure.ToString());
            }

            var signatures = new List<int[]>();
            foreach (ref readonly var signature in wire.Signatures)
            {
                signatures.Add(Places(frame, Signature.AsSpan(in signature)));
            }

            Signatures = [.. signatures];
        }

        public byte[] Frame { get; }

        public byte[] Residual { get; }

        public int[][] Signatures { get; }

        public int[] Payers { get; }

        public int[] PayerTexts { get; }

        public int PayerTextLength { get; }

        private static int[] Places(byte[] frame, ReadOnlySpan<byte> sought)
        {
            var places = new List<int>();
            for (var at = FrameHeader.Size; frame.AsSpan(at).IndexOf(sought) is >= 0 and var found; at += found + sought.Length)
            {
                places.Add(at + found);
            }

            return [.. places];
        }
    }
}
