using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Mev.Sdk.Ingest.Solana.Internal;
using Mev.Sdk.Records;
using Mev.Sdk.Solana.Transactions;

namespace Mev.Sdk.Ingest.Solana.Blocks;

/// <summary>Turns a <c>getBlock</c> answer into frames in one pass over its bytes, with or without the JSON-RPC envelope.</summary>
/// <remarks>Not thread-safe; keeps its memory. A transaction that cannot be read is counted and described, the others are kept.</remarks>
internal sealed class BlockDecoder
{
    // Deeper than any block; a file of brackets must not go on for ever.
    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = 128 };

    private readonly FastTransaction _fast = new();
    private readonly ElementReader _thorough = new();
    private readonly TransactionDecoder _decoder = new();
    private readonly List<SwapEntry> _swaps = [];
    private readonly KeyTexts _texts = new();
    private bool _hasTransactions;
    private bool _hasParent;
    private int _restart; // where the reader of the envelope began: behind the transactions, once they were read

    /// <summary>Reads an answer.</summary>
    /// <param name="json">The whole answer.</param>
    /// <param name="slot">The block's slot; null = the slot behind its parent, as an answer does not carry its own.</param>
    /// <param name="stage">How final the block is.</param>
    /// <param name="block">Where the frames go; cleared first.</param>
    public BlockReadStatus Read(ReadOnlySpan<byte> json, ulong? slot, SightingStage stage, DecodedBlock block)
    {
        block.Clear();
        _hasTransactions = _hasParent = false;
        _restart = 0;
        if (!System.Text.Unicode.Utf8.IsValid(json))
        {
            return Fail(block, BlockReadStatus.Broken, "the answer is not UTF-8 text");
        }

        var reader = new Utf8JsonReader(json, isFinalBlock: true, new JsonReaderState(ReaderOptions));
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return Fail(block, BlockReadStatus.Unusable, "the answer is no JSON object");
            }

            var status = ReadObject(json, ref reader, slot, stage, block, isEnvelope: true);
            if (status == BlockReadStatus.Ok)
            {
                // Nothing but blanks may follow; the reader throws at anything else.
                reader.Read();
                Finish(slot, stage, block);
            }

            return status;
        }
        catch (JsonException)
        {
            var at = _restart + reader.BytesConsumed;
            return Fail(block, BlockReadStatus.Broken, json.IsEmpty ? "the answer is empty"
                : json[0] == (byte)'<' ? "the answer is a web page, not JSON"
                : string.Create(CultureInfo.InvariantCulture, $"the answer of {json.Length} bytes is no JSON behind byte {at}"));
        }
        catch (JsonShapeException shape)
        {
            return Fail(block, BlockReadStatus.Unusable, $"{shape.Path}: {shape.Message}");
        }
        catch (InvalidOperationException text)
        {
            // An escaped half of a surrogate pair is JSON, and no text.
            return Fail(block, BlockReadStatus.Unusable, text.Message);
        }
    }

    private static BlockReadStatus Fail(DecodedBlock block, BlockReadStatus status, string problem)
    {
        block.Problem = problem;
        return status;
    }

    private BlockReadStatus ReadObject(ReadOnlySpan<byte> json, ref Utf8JsonReader reader, ulong? slot, SightingStage stage, DecodedBlock block, bool isEnvelope)
    {
        var inner = (BlockReadStatus?)null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (isEnvelope && reader.ValueTextEquals("result"u8))
            {
                reader.Read();
                inner = reader.TokenType == JsonTokenType.StartObject ? ReadObject(json, ref reader, slot, stage, block, isEnvelope: false)
                    : reader.TokenType == JsonTokenType.Null ? Fail(block, BlockReadStatus.NoBlock, "the node answered with null: it does not have this block")
                    : throw new JsonShapeException("$.result", "an object was expected");
                if (inner != BlockReadStatus.Ok && reader.TokenType == JsonTokenType.StartArray)
                {
                    reader.Skip();
                }
            }
            else if (isEnvelope && reader.ValueTextEquals("error"u8))
            {
                using var error = JsonDocument.ParseValue(ref SkipName(ref reader));
                if (error.RootElement.ValueKind != JsonValueKind.Null)
                {
                    ReadError(error.RootElement, block);
                    inner = BlockReadStatus.RpcError;
                }
            }
            else
            {
                ReadMember(json, ref reader, stage, block);
            }
        }

        return inner ?? Check(block);
    }

    private static ref Utf8JsonReader SkipName(ref Utf8JsonReader reader)
    {
        reader.Read();
        return ref reader;
    }

    private static void ReadError(JsonElement error, DecodedBlock block)
    {
        block.ErrorCode = error.ValueKind == JsonValueKind.Object && error.TryGetProperty("code"u8, out var code) && code.ValueKind == JsonValueKind.Number
            && code.TryGetInt64(out var number) ? number : 0;
        block.Problem = error.ValueKind == JsonValueKind.Object && error.TryGetProperty("message"u8, out var text) && text.ValueKind == JsonValueKind.String
            ? text.GetString() ?? ""
            : "no message";
    }

    private BlockReadStatus Check(DecodedBlock block) =>
        block.Problem.Length > 0 && !_hasTransactions ? BlockReadStatus.Unusable
        : !_hasTransactions ? Fail(block, BlockReadStatus.Unusable, "the block has no transactions; ask for transactionDetails \"full\"")
        : !_hasParent ? Fail(block, BlockReadStatus.Unusable, "the block has no parentSlot")
        : BlockReadStatus.Ok;

    private static void Finish(ulong? slot, SightingStage stage, DecodedBlock block)
    {
        block.Block.Slot = slot ?? (block.Block.ParentSlot + 1);
        block.Block.Stage = stage;
        foreach (var slice in block.Transactions)
        {
            MemoryMarshal.AsRef<TransactionRecord>(block[slice].Span[Wire.FrameHeader.Size..]).Slot = block.Block.Slot;
        }

        block.Complete();
    }

    private void ReadMember(ReadOnlySpan<byte> json, ref Utf8JsonReader reader, SightingStage stage, DecodedBlock block)
    {
        if (reader.ValueTextEquals("transactions"u8))
        {
            ReadTransactions(json, ref reader, stage, block);
        }
        else if (reader.ValueTextEquals("blockhash"u8))
        {
            block.Block.Blockhash = ReadKey(ref reader, "$.blockhash");
        }
        else if (reader.ValueTextEquals("previousBlockhash"u8))
        {
            block.Block.PreviousBlockhash = ReadKey(ref reader, "$.previousBlockhash");
        }
        else if (reader.ValueTextEquals("parentSlot"u8))
        {
            _hasParent = TryNumber(ref reader, "$.parentSlot", out block.Block.ParentSlot);
        }
        else if (reader.ValueTextEquals("blockHeight"u8))
        {
            TryNumber(ref reader, "$.blockHeight", out block.Block.BlockHeight);
        }
        else if (reader.ValueTextEquals("blockTime"u8))
        {
            reader.Read();
            block.Block.BlockTimeSeconds = reader.TokenType == JsonTokenType.Null ? 0
                : reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var seconds) ? seconds
                : throw new JsonShapeException("$.blockTime", "a whole number was expected");
        }
        else if (reader.ValueTextEquals("rewards"u8))
        {
            ReadRewards(ref reader, block);
        }
        else
        {
            if (reader.ValueTextEquals("signatures"u8) && block.Problem.Length == 0)
            {
                block.Problem = "this block was asked for with transactionDetails \"signatures\"; ask for \"full\"";
            }

            reader.Skip();
        }
    }

    private Pubkey ReadKey(ref Utf8JsonReader reader, string path) =>
        reader.Read() && reader.TokenType == JsonTokenType.String && _texts.TryGet(reader.ValueSpan, out var key)
            ? key
            : throw new JsonShapeException(path, "the base58 text of 32 bytes was expected");

    private static bool TryNumber(ref Utf8JsonReader reader, string path, out ulong number)
    {
        number = 0;
        reader.Read();
        return reader.TokenType == JsonTokenType.Null ? false
            : reader.TokenType == JsonTokenType.Number && reader.TryGetUInt64(out number) ? true
            : throw new JsonShapeException(path, "a whole number was expected");
    }

    // Transactions are nearly all of an answer. A scanner walks them; the reader then goes on at the closing bracket, as if the array had been empty.
    private void ReadTransactions(ReadOnlySpan<byte> json, ref Utf8JsonReader reader, SightingStage stage, DecodedBlock block)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            block.Problem = "the block's transactions are null";
            return;
        }

        _hasTransactions = true;
        var index = 0u;
        var inArray = reader.CurrentState;
        var scanner = new JsonScanner(json, _restart + (int)reader.BytesConsumed);
        while (scanner.NextItem())
        {
            var context = new SightingContext(Slot: 0, IndexInBlock: index, Stage: stage);
            var problem = ReadTransaction(json, ref scanner, in context, block);
            if (problem is not null)
            {
                if (block.Unreadable++ == 0)
                {
                    block.Problem = string.Create(CultureInfo.InvariantCulture, $"transaction {index}: {problem}");
                }
            }

            index++;
        }

        if (!scanner.Closed)
        {
            throw new JsonException(string.Create(CultureInfo.InvariantCulture, $"behind transaction {index} of the block, byte {scanner.Position}"));
        }

        _restart = scanner.Position - 1;
        reader = new Utf8JsonReader(json[_restart..], isFinalBlock: true, inArray);
        reader.Read();
    }

    private string? ReadTransaction(ReadOnlySpan<byte> json, ref JsonScanner scanner, in SightingContext context, DecodedBlock block)
    {
        var start = scanner;
        if (_fast.TryRead(ref scanner))
        {
            return _decoder.TryDecode(_fast.Wire, _fast.Meta, in context, out var record, _swaps, out var error)
                ? block.Add(in record, CollectionsMarshal.AsSpan(_swaps), _fast.Wire, _fast.Meta)
                : error;
        }

        // An element is read in an array of its own, so that a number or a word ends where it does here.
        scanner = start;
        var reader = new Utf8JsonReader(json[start.Position..], isFinalBlock: true, ElementState());
        if (!reader.Read())
        {
            throw new JsonException("the transactions end in the middle");
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            scanner = new JsonScanner(json, start.Position + (int)reader.BytesConsumed);
            return reader.TokenType == JsonTokenType.EndArray && reader.CurrentDepth == 0 ? throw new JsonException("a transaction is missing behind a comma") : "this is no object";
        }

        using var element = JsonDocument.ParseValue(ref reader);
        scanner = new JsonScanner(json, start.Position + (int)reader.BytesConsumed);
        try
        {
            var transaction = _thorough.Read(JsonNode.Root(element.RootElement), in context);
            return block.Add(in transaction.Record, transaction.Swaps, transaction.Wire.Span, transaction.Meta.Span);
        }
        catch (JsonShapeException shape)
        {
            return $"{shape.Path}: {shape.Message}";
        }
    }

    private static JsonReaderState ElementState()
    {
        var opened = new Utf8JsonReader("["u8, isFinalBlock: false, new JsonReaderState(ReaderOptions));
        opened.Read();
        return opened.CurrentState;
    }

    // The leader is who got the block's fees.
    private void ReadRewards(ref Utf8JsonReader reader, DecodedBlock block)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            Pubkey who = default;
            var isFee = false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isKey = reader.ValueTextEquals("pubkey"u8);
                var isType = reader.ValueTextEquals("rewardType"u8);
                reader.Read();
                if (isKey && reader.TokenType == JsonTokenType.String)
                {
                    _texts.TryGet(reader.ValueSpan, out who);
                }
                else if (isType && reader.TokenType == JsonTokenType.String)
                {
                    isFee = reader.ValueTextEquals("Fee"u8);
                }
                else
                {
                    reader.Skip();
                }
            }

            if (isFee)
            {
                block.Block.Leader = who;
            }
        }
    }
}
