using Mev.Sdk.Records;
using Mev.Sdk.Solana.Effects;
using Mev.Sdk.Solana.Transactions;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Benchmarks.Peers;

/// <summary>The transactions of a block as wire bytes and status meta, and passes over all of them that fold what they read.</summary>
internal sealed class ChainWork
{
    private readonly byte[][] _wires;
    private readonly byte[][] _metas;
    private readonly TransactionEffects _effects = new();

    /// <summary>Takes the transactions among some frames.</summary>
    /// <param name="frames">Frames, one behind the other.</param>
    public ChainWork(byte[] frames)
    {
        var (wires, metas) = (new List<byte[]>(), new List<byte[]>());
        ReadOnlySpan<byte> rest = frames;
        var reader = new FrameReader();
        while (reader.TryRead(ref rest, out var frame) == FrameStatus.Done)
        {
            var record = new RecordView(Lsn.None, frame);
            if (TransactionView.TryRead(in record, out var transaction) && !transaction.Wire.IsEmpty)
            {
                wires.Add(transaction.Wire.ToArray());
                metas.Add(transaction.Meta.ToArray());
            }
        }

        (_wires, _metas) = ([.. wires], [.. metas]);
    }

    /// <summary>Transactions in a pass.</summary>
    public int Count => _wires.Length;

    /// <summary>Parses every transaction and folds all its parts: signatures, header, keys, blockhash, instructions with accounts and data, lookups.</summary>
    public ulong ParseWire()
    {
        var fold = default(Fold);
        foreach (var wire in _wires)
        {
            if (!WireTransaction.TryParse(wire, out var transaction))
            {
                throw new InvalidOperationException("A real transaction was refused.");
            }

            foreach (ref readonly var signature in transaction.Signatures)
            {
                fold.AddSignature(Signature.AsSpan(in signature));
            }

            foreach (ref readonly var key in transaction.StaticKeys)
            {
                fold.AddKey(Pubkey.AsSpan(in key));
            }

            fold.AddKey(Pubkey.AsSpan(in transaction.RecentBlockhash));
            fold.Add((ulong)(transaction.RequiredSignatures | (transaction.ReadonlySigned << 8) | (transaction.ReadonlyUnsigned << 16)));
            foreach (var instruction in transaction.Instructions)
            {
                fold.Add(instruction.ProgramIndex);
                fold.Add(instruction.Accounts);
                fold.Add(instruction.Data);
            }

            foreach (var lookup in transaction.Lookups)
            {
                fold.AddKey(Pubkey.AsSpan(in lookup.Table));
                fold.Add(lookup.WritableIndexes);
                fold.Add(lookup.ReadonlyIndexes);
            }
        }

        return fold.Value;
    }

    /// <summary>Reads everything that every transaction did, from its bytes on, and folds the amounts.</summary>
    public ulong ReadEffects()
    {
        var fold = default(Fold);
        for (var i = 0; i < _wires.Length; i++)
        {
            if (_effects.Read(_wires[i], _metas[i], out var error) == EffectsOutcome.Refused)
            {
                throw new InvalidOperationException(error);
            }

            foreach (ref readonly var swap in _effects.Swaps)
            {
                fold.Add(swap.AmountIn);
                fold.Add(swap.AmountOut);
            }

            foreach (ref readonly var movement in _effects.Movements)
            {
                fold.Add(movement.Sent);
            }

            foreach (ref readonly var change in _effects.LiquidityChanges)
            {
                fold.Add(change.AmountA);
            }

            foreach (ref readonly var tip in _effects.Tips)
            {
                fold.Add(tip.Lamports);
            }

            fold.Add((ulong)(_effects.Attempts.Length + _effects.NftTrades.Length + _effects.Liquidations.Length));
        }

        return fold.Value;
    }
}
