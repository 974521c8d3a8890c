using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Mev.Sdk.Ingest.Solana.Internal;
using Mev.Sdk.Records;
using Mev.Sdk.Solana.Transactions;

namespace Mev.Sdk.Ingest.Solana.Files;

/// <summary>A <c>getBlock</c> result in a file, decoded to records.</summary>
/// <remarks>
/// Reads encodings json, jsonParsed and base64, with or without the JSON-RPC envelope. Transactions get wire bytes and status meta rebuilt from
/// what the file says. Encoding jsonParsed loses the data of instructions that a node renders: vote, memo, transfers of lamports and tokens and a
/// few more are rebuilt, a transaction with any other rendered instruction has <see cref="TransactionFlags.WireMissing"/> and empty wire bytes
/// while all its other fields hold. Immutable once loaded.
/// </remarks>
/// <example>
/// <code>
/// var block = BlockFile.Load("block-285000037.json");
/// var frames = new ArrayBufferWriter&lt;byte&gt;();
/// block.WriteFrames(frames);
/// </code>
/// </example>
public sealed class BlockFile
{
    private readonly BlockTransaction[] _transactions;
    private readonly BlockRecord _block;

    private BlockFile(in BlockRecord block, BlockTransaction[] transactions)
    {
        _block = block;
        _transactions = transactions;
    }

    /// <summary>The block's own record.</summary>
    public ref readonly BlockRecord Block => ref _block;

    /// <summary>Its transactions in order.</summary>
    public IReadOnlyList<BlockTransaction> Transactions => _transactions;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What the file does not say about itself.</param>
    /// <returns>The block.</returns>
    /// <exception cref="BlockFileException">It is not a <c>getBlock</c> result that can be read; the message says what, where and what to do.</exception>
    /// <exception cref="IOException">It cannot be opened or read.</exception>
    public static BlockFile Load(string path, BlockFileOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Parse(File.ReadAllBytes(path), Path.GetFileName(path), options);
    }

    /// <summary>Reads a file's contents.</summary>
    /// <param name="utf8Json">The contents.</param>
    /// <param name="name">The file's name, for messages and for the slot that it may end with.</param>
    /// <param name="options">What the file does not say about itself.</param>
    /// <returns>The block.</returns>
    /// <exception cref="BlockFileException">It is not a <c>getBlock</c> result that can be read; the message says what, where and what to do.</exception>
    public static BlockFile Parse(ReadOnlyMemory<byte> utf8Json, string name, BlockFileOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        options ??= new BlockFileOptions();
        using var document = ParseJson(utf8Json, name);
        int? current = null;
        try
        {
            var result = ResultOf(JsonNode.Root(document.RootElement));
            var block = ReadBlock(result, name, options);
            var transactions = new BlockTransaction[block.TransactionCount];
            var reader = new ElementReader();
            var context = new SightingContext(block.Slot, block.BlockTimeSeconds, Stage: block.Stage);
            foreach (var node in result["transactions"].Elements())
            {
                current = current is { } previous ? previous + 1 : 0;
                transactions[current.Value] = reader.Read(node, context with { IndexInBlock = (uint)current.Value });
            }

            return new BlockFile(in block, transactions);
        }
        catch (JsonShapeException shape)
        {
            throw new BlockFileException(name, shape.Path, shape.Message, current, shape);
        }
    }

    /// <summary>Writes the block as frames: one block record, then one transaction record each; sequence and time 0 until somebody stamps them.</summary>
    /// <param name="destination">Where the frames go.</param>
    public void WriteFrames(IBufferWriter<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        var length = BlockView.GetFrameLength();
        destination.Advance(BlockView.Write(destination.GetSpan(length), engineTimeNanoseconds: 0, in _block));
        foreach (var transaction in _transactions)
        {
            length = TransactionView.GetFrameLength(transaction.Swaps.Length, transaction.Wire.Length, transaction.Meta.Length);
            destination.Advance(TransactionView.Write(
                destination.GetSpan(length),
                engineTimeNanoseconds: 0,
                in transaction.Record,
                transaction.Swaps,
                transaction.Wire.Span,
                transaction.Meta.Span));
        }
    }

    private static JsonDocument ParseJson(ReadOnlyMemory<byte> utf8Json, string name)
    {
        var notText = Utf8Validity.IndexOfInvalid(utf8Json.Span);
        if (notText >= 0 && notText < utf8Json.Length - Utf8Validity.LongestCharacter)
        {
            throw new BlockFileException(name, string.Create(CultureInfo.InvariantCulture, $"byte {notText}"), "this is not UTF-8 text; a getBlock result was expected");
        }

        try
        {
            return JsonDocument.Parse(utf8Json);
        }
        catch (JsonException broken)
        {
            var offset = OffsetOf(utf8Json.Span, broken);
            var problem = utf8Json.IsEmpty ? "the file is empty"
                : offset >= utf8Json.Length ? "the JSON ends in the middle; is the file complete?"
                : "this is not JSON; a getBlock result was expected";
            throw new BlockFileException(name, string.Create(CultureInfo.InvariantCulture, $"byte {offset}"), problem, innerException: broken);
        }
    }

    private static long OffsetOf(ReadOnlySpan<byte> json, JsonException broken)
    {
        long start = 0;
        for (long line = broken.LineNumber ?? 0; line > 0; line--)
        {
            start += json[(int)start..].IndexOf((byte)'\n') + 1;
        }

        return start + (broken.BytePositionInLine ?? 0);
    }

    private static JsonNode ResultOf(JsonNode root)
    {
        if (root.Has("error") && !root["error"].IsNull)
        {
            var error = root["error"];
            var code = error.IsObject && error["code"].IsNumber ? error["code"].SignedNumber() : 0;
            var text = error.IsObject && error["message"].IsString ? error["message"].Text() : "no message";
            throw error.Fail(string.Create(CultureInfo.InvariantCulture, $"the node answered with JSON-RPC error {code} ({text}) instead of a block"));
        }

        if (!root.Has("result"))
        {
            return root;
        }

        return root["result"].IsNull ? throw root["result"].Fail("the node answered with null: it does not have this block") : root["result"];
    }

    private static BlockRecord ReadBlock(JsonNode result, string name, BlockFileOptions options)
    {
        var transactions = result["transactions"];
        if (!transactions.IsArray)
        {
            throw transactions.Fail(result.Has("signatures")
                ? "this block was asked for with transactionDetails \"signatures\"; ask for \"full\""
                : "the block has no transactions; ask for transactionDetails \"full\"");
        }

        var parent = result["parentSlot"].Number();
        return new BlockRecord
        {
            Blockhash = result["blockhash"].Key(),
            PreviousBlockhash = result["previousBlockhash"].Key(),
            Leader = LeaderOf(result),
            Slot = options.Slot ?? (BlockFileName.SlotIn(name) is { } named && named > parent ? named : parent + 1),
            ParentSlot = parent,
            BlockHeight = result["blockHeight"].IsNull ? 0 : result["blockHeight"].Number(),
            BlockTimeSeconds = result["blockTime"].IsNull ? 0 : result["blockTime"].SignedNumber(),
            TransactionCount = (uint)transactions.Count,
            Stage = options.Stage,
        };
    }

    // The leader is who got the block's fees.
    private static Pubkey LeaderOf(JsonNode result)
    {
        foreach (var reward in result["rewards"].Elements())
        {
            if (reward["rewardType"].IsString && reward["rewardType"].Text() == "Fee")
            {
                return reward["pubkey"].Key();
            }
        }

        return default;
    }
}
