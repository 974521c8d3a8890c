using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Mev.Sdk.Records;
using Mev.Sdk.Solana.Json;
using Mev.Sdk.Solana.Transactions;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Archive.Import;

/// <summary>A file's JSON as records: a block and its transactions, or one transaction.</summary>
internal sealed class ImportDocument
{
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly TransactionDecoder _decoder = new();
    private readonly List<SwapEntry> _swaps = [];
    private readonly List<ImportRecord> _records = [];
    private readonly List<byte[]> _transactions = [];
    private readonly SightingStage _stage;

    private ImportDocument(SightingStage stage) => _stage = stage;

    /// <summary>Reads a file, and makes sure that its JSON can be made again.</summary>
    /// <param name="utf8Json">The file's content.</param>
    /// <param name="slotInName">The slot that the file's name says, for a block that does not say it.</param>
    /// <param name="stage">How final it is.</param>
    /// <returns>Its records in order.</returns>
    /// <exception cref="FormatException">It is no block or transaction that can be read; the message says where and why.</exception>
    public static IReadOnlyList<ImportRecord> Read(ReadOnlyMemory<byte> utf8Json, ulong? slotInName, SightingStage stage)
    {
        using var document = Parse(utf8Json);
        var reader = new ImportDocument(stage);
        var root = document.RootElement;
        var (content, wrapperName) = Unwrap(root);
        var wrapper = wrapperName is null ? [] : WrapperOf(root, wrapperName);
        var rendered = content.TryGetProperty("transactions", out var transactions)
            ? reader.ReadBlock(content, transactions, slotInName, wrapperName, wrapper)
            : reader.ReadSingle(content, wrapperName, wrapper);

        // The proof: what is kept gives the file's value again.
        using var again = JsonDocument.Parse(rendered);
        return JsonElement.DeepEquals(root, again.RootElement)
            ? reader._records
            : throw new FormatException("its JSON cannot be made again from what would be kept of it (does an object name a member twice?)");
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> utf8Json)
    {
        try
        {
            return JsonDocument.Parse(utf8Json.Span.StartsWith("\uFEFF"u8) ? utf8Json[3..] : utf8Json);
        }
        catch (JsonException broken)
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"line {broken.LineNumber + 1}, byte {broken.BytePositionInLine}: this is not JSON, or it ends in the middle"), broken);
        }
    }

    // The document itself, or the one member of it that is a block or a transaction: JSON-RPC's envelope, or what a collector wrapped around.
    private static (JsonElement Content, string? WrapperName) Unwrap(JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.Object)
        {
            if (IsContent(root))
            {
                return (root, null);
            }

            foreach (var member in root.EnumerateObject())
            {
                if (IsContent(member.Value) && member.Name.Length < 64)
                {
                    return (member.Value, member.Name);
                }
            }

            if (root.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object)
            {
                throw new FormatException($"error: the node answered with a JSON-RPC error instead of a block: {error.GetRawText()}");
            }
        }

        throw new FormatException("$: a getBlock or getTransaction result was expected, with \"transactions\" (ask for transactionDetails \"full\") or \"transaction\" in it");
    }

    private static bool IsContent(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object
        && ((element.TryGetProperty("transactions", out var many) && many.ValueKind == JsonValueKind.Array)
            || (element.TryGetProperty("transaction", out var one) && one.ValueKind is JsonValueKind.Object or JsonValueKind.Array));

    private static byte[] WrapperOf(JsonElement root, string name)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output, Writing))
        {
            json.WriteStartObject();
            foreach (var member in root.EnumerateObject())
            {
                if (member.Name == name)
                {
                    json.WriteNull(name);
                }
                else
                {
                    member.WriteTo(json);
                }
            }

            json.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }

    private static ulong? NumberIn(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetUInt64(out var number) ? number : null;

    private static long SecondsIn(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : 0;

    private static Pubkey KeyIn(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && Pubkey.TryParse(value.GetString(), CultureInfo.InvariantCulture, out var key) ? key : default;

    // The leader is who got the block's fees.
    private static Pubkey LeaderOf(JsonElement block)
    {
        if (block.TryGetProperty("rewards", out var rewards) && rewards.ValueKind == JsonValueKind.Array)
        {
            foreach (var reward in rewards.EnumerateArray())
            {
                if (reward.ValueKind == JsonValueKind.Object && reward.TryGetProperty("rewardType", out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("Fee"))
                {
                    return KeyIn(reward, "pubkey");
                }
            }
        }

        return default;
    }

    private byte[] ReadBlock(JsonElement block, JsonElement transactions, ulong? slotInName, string? wrapperName, byte[] wrapper)
    {
        var parent = NumberIn(block, "parentSlot") ?? throw new FormatException("parentSlot: a number was expected");
        var record = new BlockRecord
        {
            Blockhash = KeyIn(block, "blockhash"),
            PreviousBlockhash = KeyIn(block, "previousBlockhash"),
            Leader = LeaderOf(block),
            Slot = NumberIn(block, "slot") ?? (slotInName > parent ? slotInName.Value : parent + 1),
            ParentSlot = parent,
            BlockHeight = NumberIn(block, "blockHeight") ?? 0,
            BlockTimeSeconds = SecondsIn(block, "blockTime"),
            TransactionCount = (uint)transactions.GetArrayLength(),
            Stage = _stage,
        };
        var frame = new byte[BlockView.GetFrameLength()];
        BlockView.Write(frame, 0, in record);
        var skeleton = BlockSkeleton.Of(block, in record);
        var residual = new ImportResidual { Encoding = RenderEncoding.Json, IsBlock = true, WrapperName = wrapperName, Wrapper = wrapper, Rest = skeleton };
        _records.Add(new ImportRecord(frame, residual.ToArray(), BlockSkeleton.Render(skeleton, in record, []).Length + wrapper.Length));
        var index = 0U;
        foreach (var transaction in transactions.EnumerateArray())
        {
            try
            {
                Add(transaction, new SightingContext(record.Slot, record.BlockTimeSeconds, index++, _stage), null, []);
            }
            catch (FormatException broken)
            {
                throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"transactions[{index - 1}]: {broken.Message}"), broken);
            }
        }

        return ArchiveJson.Wrap(in residual, BlockSkeleton.Render(skeleton, in record, _transactions));
    }

    private byte[] ReadSingle(JsonElement transaction, string? wrapperName, byte[] wrapper)
    {
        var slot = NumberIn(transaction, "slot") ?? throw new FormatException("slot: a transaction by itself must say the slot it landed in");
        var index = NumberIn(transaction, "transactionIndex") is { } number and <= uint.MaxValue ? (uint)number : 0;
        Add(transaction, new SightingContext(slot, SecondsIn(transaction, "blockTime"), index, _stage), wrapperName, wrapper);
        return _transactions[0];
    }

    private void Add(JsonElement transaction, SightingContext context, string? wrapperName, byte[] wrapper)
    {
        var parts = TransactionRendering.ToWireAndMeta(transaction);
        var sighting = parts.IsComplete ? context : context with { Flags = context.Flags | TransactionFlags.WireMissing };
        if (!_decoder.TryDecode(parts.Wire, parts.Meta, in sighting, out var record, _swaps, out var error))
        {
            throw new FormatException(error);
        }

        // Bytes that lost something serve to decode from, not to keep: then the JSON itself is kept.
        var wire = parts.IsComplete ? parts.Wire : [];
        var whole = parts.IsComplete ? default : Compact(transaction);
        var frame = new byte[TransactionView.GetFrameLength(_swaps.Count, wire.Length, parts.Meta.Length)];
        TransactionView.Write(frame, 0, in record, [.. _swaps], wire, parts.Meta);
        var residual = new ImportResidual { Encoding = parts.Encoding, IsRaw = !parts.IsComplete, WrapperName = wrapperName, Wrapper = wrapper, Rest = parts.IsComplete ? parts.Residual : whole };
        var kept = residual.ToArray();
        var json = ArchiveJson.RenderTransaction(new RecordView(Lsn.None, frame), kept);
        _transactions.Add(json);
        _records.Add(new ImportRecord(frame, kept, json.Length));
    }

    private static byte[] Compact(JsonElement element)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output, Writing))
        {
            element.WriteTo(json);
        }

        return output.WrittenSpan.ToArray();
    }
}
