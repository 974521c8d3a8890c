using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Mev.Sdk.Records;

namespace Mev.Sdk.Storage.Archive.Import;

/// <summary>
/// A block's JSON without what its record and its transactions say. Part of the format: a byte (a bit for each of <see cref="Known"/> that the record renders), and the rest of the block as a JSON object,
/// without those members and without <c>transactions</c>.
/// </summary>
internal static class BlockSkeleton
{
    private const string Transactions = "transactions";
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Their order is part of the format.
    private static readonly string[] Known = ["blockhash", "previousBlockhash", "parentSlot", "blockHeight", "blockTime"];

    /// <summary>Takes a block apart.</summary>
    public static byte[] Of(JsonElement block, in BlockRecord record)
    {
        var known = 0;
        for (var i = 0; i < Known.Length; i++)
        {
            known |= block.TryGetProperty(Known[i], out var value) && IsSame(value, Render(i, in record)) ? 1 << i : 0;
        }

        var output = new ArrayBufferWriter<byte>();
        output.Write([(byte)known]);
        using (var json = new Utf8JsonWriter(output, Writing))
        {
            json.WriteStartObject();
            foreach (var member in block.EnumerateObject())
            {
                if (member.Name != Transactions && (Array.IndexOf(Known, member.Name) is var index && (index < 0 || (known & (1 << index)) == 0)))
                {
                    member.WriteTo(json);
                }
            }

            json.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }

    /// <summary>Puts a block together.</summary>
    /// <param name="skeleton">What <see cref="Of"/> gave.</param>
    /// <param name="record">The block's record.</param>
    /// <param name="transactions">Its transactions as JSON, in order.</param>
    /// <exception cref="InvalidDataException">The skeleton is none.</exception>
    public static byte[] Render(ReadOnlyMemory<byte> skeleton, in BlockRecord record, IEnumerable<byte[]> transactions)
    {
        var output = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(output, Writing);
        json.WriteStartObject();
        for (var i = 0; i < Known.Length; i++)
        {
            if (!skeleton.IsEmpty && (skeleton.Span[0] & (1 << i)) != 0)
            {
                json.WritePropertyName(Known[i]);
                json.WriteRawValue(Render(i, in record));
            }
        }

        WriteRest(skeleton, json);
        json.WriteStartArray(Transactions);
        foreach (var transaction in transactions)
        {
            json.WriteRawValue(transaction, skipInputValidation: true);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return output.WrittenSpan.ToArray();
    }

    private static void WriteRest(ReadOnlyMemory<byte> skeleton, Utf8JsonWriter json)
    {
        try
        {
            using var rest = JsonDocument.Parse(skeleton[Math.Min(1, skeleton.Length)..]);
            foreach (var member in rest.RootElement.EnumerateObject())
            {
                member.WriteTo(json);
            }
        }
        catch (Exception damaged) when (damaged is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException("What was kept of a block's JSON is damaged.", damaged);
        }
    }

    private static bool IsSame(JsonElement value, string rendered)
    {
        using var document = JsonDocument.Parse(rendered);
        return JsonElement.DeepEquals(value, document.RootElement);
    }

    private static string Render(int known, in BlockRecord record) => known switch
    {
        0 => $"\"{record.Blockhash}\"",
        1 => $"\"{record.PreviousBlockhash}\"",
        2 => Number(record.ParentSlot),
        3 => record.BlockHeight == 0 ? "null" : Number(record.BlockHeight),
        _ => record.BlockTimeSeconds == 0 ? "null" : Number(record.BlockTimeSeconds),
    };

    private static string Number<T>(T value)
        where T : IFormattable => value.ToString(null, System.Globalization.CultureInfo.InvariantCulture);
}
