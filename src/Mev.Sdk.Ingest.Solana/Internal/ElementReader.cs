using System.Text.Json;
using Mev.Sdk.Ingest.Solana.Files;
using Mev.Sdk.Records;
using Mev.Sdk.Solana.Meta;
using Mev.Sdk.Solana.Transactions;

namespace Mev.Sdk.Ingest.Solana.Internal;

/// <summary>Decodes elements of a block's <c>transactions</c> the thorough way: every encoding, and complaints that name the place. Not thread-safe.</summary>
internal sealed class ElementReader
{
    private readonly TransactionBuilder _wire = new();
    private readonly StatusMetaBuilder _meta = new();
    private readonly TransactionDecoder _decoder = new();
    private readonly List<SwapEntry> _swaps = [];

    /// <summary>Decodes one element.</summary>
    /// <exception cref="JsonShapeException">It is no transaction that can be read.</exception>
    public BlockTransaction Read(JsonNode node, in SightingContext context)
    {
        try
        {
            return Build(node, in context);
        }
        catch (Exception refused) when (refused is InvalidOperationException or ArgumentException)
        {
            // The builders refuse parts that no transaction or meta can have (a count beyond a compact-u16, say).
            throw node.Fail(refused.Message);
        }
    }

    private BlockTransaction Build(JsonNode node, in SightingContext context)
    {
        var wire = TransactionJson.Read(node, _wire, out var accounts, out var isComplete);
        var meta = node["meta"].IsNull ? [] : MetaJson.Read(node["meta"], accounts, _meta);
        var sighting = context with { Flags = isComplete ? context.Flags : context.Flags | TransactionFlags.WireMissing };
        if (!_decoder.TryDecode(wire, meta, in sighting, out var record, _swaps, out var error))
        {
            throw node.Fail(error!);
        }

        return new BlockTransaction(in record, [.. _swaps], isComplete ? wire : [], meta);
    }
}
