using Mev.Sdk.Solana.Meta;
using Mev.Sdk.Solana.Transactions;

namespace Mev.Sdk.Benchmarks.Peers.Stores;

/// <summary>A transaction cut into the byte columns of its fields; put back in order they are wire and meta again.</summary>
internal static class TransactionFields
{
    private const int Fields = 20;

    // Fields of the meta that get columns of their own; the rest stays together.
    private static readonly (int Field, int Column)[] Apart =
    [
        (MetaFields.PreBalances, 5), (MetaFields.PostBalances, 6), (MetaFields.InnerInstructions, 7), (MetaFields.LogMessages, 8), (MetaFields.PreTokenBalances, 9),
        (MetaFields.PostTokenBalances, 10), (MetaFields.LoadedWritable, 11), (MetaFields.LoadedReadonly, 11),
    ];

    /// <summary>Column names.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "more_signatures", "header", "static_keys", "blockhash", "instructions", "pre", "post", "inner_instructions", "log", "pre_tokens", "post_tokens", "loaded", "meta_rest",
    ];

    /// <summary>Cuts a transaction.</summary>
    /// <param name="wire">Its bytes.</param>
    /// <param name="transaction">The same, parsed.</param>
    /// <param name="meta">Its status.</param>
    /// <returns>A value for each of <see cref="Names"/>.</returns>
    public static byte[][] Split(ReadOnlySpan<byte> wire, in WireTransaction transaction, ReadOnlySpan<byte> meta)
    {
        var signatures = Place(wire, transaction.Signatures.Length * Signature.Size, Signature.AsSpan(in transaction.Signatures[0]));
        var keys = Place(wire, transaction.StaticKeys.Length * Pubkey.Size, Pubkey.AsSpan(in transaction.StaticKeys[0]));
        var blockhash = Place(wire, Pubkey.Size, Pubkey.AsSpan(in transaction.RecentBlockhash));
        if (signatures.Start.Value > keys.Start.Value || keys.End.Value > blockhash.Start.Value)
        {
            throw new InvalidOperationException("The store measures cut legacy and v0 transactions only.");
        }

        // The first signature and the payer have columns of their own.
        var parts = new byte[Names.Count][];
        parts[0] = wire[signatures][Signature.Size..].ToArray();
        parts[1] = [.. wire[..signatures.Start], .. wire[signatures.End..keys.Start], .. wire[keys.End..blockhash.Start]];
        parts[2] = wire[keys][Pubkey.Size..].ToArray();
        parts[3] = wire[blockhash].ToArray();
        parts[4] = wire[blockhash.End..].ToArray();
        Split(meta, parts);
        return parts;
    }

    private static void Split(ReadOnlySpan<byte> meta, byte[][] parts)
    {
        var fields = new List<byte>[Fields];
        var reader = new ProtoReader(meta);
        var last = 0;
        while (reader.Next())
        {
            if (reader.Field < last || reader.Field >= Fields)
            {
                throw new InvalidOperationException("A meta that the benchmark made has its fields out of order.");
            }

            last = reader.Field;
            (fields[last] ??= []).AddRange(meta[reader.FieldStart..reader.Position]);
        }

        var rest = new List<byte>();
        for (var column = 5; column < parts.Length - 1; column++)
        {
            parts[column] = [.. Apart.Where(one => one.Column == column).SelectMany(one => fields[one.Field] ?? [])];
        }

        for (var field = 0; field < Fields; field++)
        {
            if (fields[field] is { } bytes && !Apart.Any(one => one.Field == field))
            {
                rest.AddRange(bytes);
            }
        }

        parts[^1] = [.. rest];
    }

    private static Range Place(ReadOnlySpan<byte> wire, int length, ReadOnlySpan<byte> first)
    {
        if (!wire.Overlaps(first, out var offset))
        {
            throw new InvalidOperationException("A view of a transaction lies outside it.");
        }

        return offset..(offset + length);
    }
}
