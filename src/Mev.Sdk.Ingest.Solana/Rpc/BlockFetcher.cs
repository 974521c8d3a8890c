using System.Collections.Concurrent;
using System.Globalization;
using Mev.Sdk.Ingest.Solana.Blocks;
using Mev.Sdk.Ingest.Solana.Internal;
using Mev.Sdk.Records;

namespace Mev.Sdk.Ingest.Solana.Rpc;

/// <summary>Asks for blocks and decodes them, several at a time. Thread-safe.</summary>
internal sealed class BlockFetcher(RpcClient client)
{
    // 1 is the highest message version there is; asking for less makes a node refuse the whole block.
    private const int MaxVersion = 1;

    private readonly ConcurrentBag<BlockDecoder> _decoders = [];

    public RpcClient Client => client;

    /// <summary>Asks for one block.</summary>
    /// <returns>How it went, and the block if it came, which the caller disposes.</returns>
    public async Task<(RpcVerdict Verdict, DecodedBlock? Block)> FetchAsync(ulong slot, ChainCommitment commitment, SightingStage stage, CancellationToken cancellationToken, int? attempts = null)
    {
        var parameters = string.Create(
            CultureInfo.InvariantCulture,
            $$"""[{{slot}},{"encoding":"base64","transactionDetails":"full","maxSupportedTransactionVersion":{{MaxVersion}},"rewards":true,"commitment":"{{Commitments.NameOf(commitment)}}"}]""");
        var block = new DecodedBlock();
        if (!_decoders.TryTake(out var decoder))
        {
            decoder = new BlockDecoder();
        }

        try
        {
            var verdict = await client.CallAsync("getBlock", parameters, body => RpcAnswer.ReadBlock(body, decoder, slot, stage, block), cancellationToken, attempts).ConfigureAwait(false);
            if (verdict.IsOk)
            {
                var fetched = block;
                block = null;
                return (verdict, fetched);
            }

            return (verdict, null);
        }
        finally
        {
            _decoders.Add(decoder);
            block?.Dispose();
        }
    }

    /// <summary>The slots of a range that have blocks, ascending.</summary>
    public Task<(RpcVerdict Verdict, ulong[]? Slots)> ListAsync(ulong first, ulong last, ChainCommitment commitment, CancellationToken cancellationToken)
    {
        var parameters = string.Create(CultureInfo.InvariantCulture, $$"""[{{first}},{{last}},{"commitment":"{{Commitments.NameOf(commitment)}}"}]""");
        return client.CallAsync(
            "getBlocks",
            parameters,
            result => result.EnumerateArray().Select(static slot => slot.GetUInt64()).Where(slot => slot >= first && slot <= last).Distinct().Order().ToArray(),
            cancellationToken);
    }

    /// <summary>The newest slot of a commitment.</summary>
    public Task<(RpcVerdict Verdict, ulong Slot)> SlotAsync(ChainCommitment commitment, CancellationToken cancellationToken, int? attempts = null) =>
        client.CallAsync("getSlot", $$"""[{"commitment":"{{Commitments.NameOf(commitment)}}"}]""", static result => result.GetUInt64(), cancellationToken, attempts);

    /// <summary>The oldest slot whose block the node holds.</summary>
    public Task<(RpcVerdict Verdict, ulong Slot)> FirstAvailableAsync(CancellationToken cancellationToken) =>
        client.CallAsync("getFirstAvailableBlock", "[]", static result => result.GetUInt64(), cancellationToken);

    /// <summary>What tells the cluster from others.</summary>
    public Task<(RpcVerdict Verdict, string? Hash)> GenesisAsync(CancellationToken cancellationToken, int? attempts = null) =>
        client.CallAsync("getGenesisHash", "[]", static result => result.GetString() ?? throw new FormatException("it is null."), cancellationToken, attempts);
}
