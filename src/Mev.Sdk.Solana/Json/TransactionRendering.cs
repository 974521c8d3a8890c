using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Mev.Sdk.Solana.Meta;
using Mev.Sdk.Solana.Transactions;

namespace Mev.Sdk.Solana.Json;

/// <summary>Takes a transaction as JSON-RPC renders it apart into wire bytes, status meta and what neither carries, and puts it together again.</summary>
/// <remarks>
/// Together means an equal JSON value: the same members and numbers, not the same order or spacing. What wire and meta tell is rendered as Agave does
/// (<c>transaction-status</c>); every difference between that and the original is the residual, so that the way back is exact whatever a provider adds. All members are
/// thread-safe and allocate: this is for archives and pages, not for the hot path.
/// </remarks>
/// <example>
/// <code>
/// var parts = TransactionRendering.ToWireAndMeta(block.GetProperty("transactions")[0]);
/// byte[] json = TransactionRendering.Render(parts.Wire, parts.Meta, parts.Residual, parts.Encoding);
/// </code>
/// </example>
public static class TransactionRendering
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Takes one element of a block's <c>transactions</c>, or the result of <c>getTransaction</c>, apart.</summary>
    /// <param name="transaction">An object with <c>transaction</c> and mostly <c>meta</c>.</param>
    /// <returns>Its parts.</returns>
    /// <exception cref="FormatException">It is no transaction that can be read; the message says what, where and why.</exception>
    public static TransactionParts ToWireAndMeta(JsonElement transaction)
    {
        try
        {
            var node = JsonNode.Root(transaction);
            var wire = TransactionJson.Read(node, new TransactionBuilder(), out var accounts, out var isComplete);
            var meta = node["meta"].IsNull ? [] : MetaJson.Read(node["meta"], accounts, new StatusMetaBuilder());
            var encoding = EncodingOf(transaction);
            var residual = ResidualOf(transaction, wire, meta, encoding);
            return new TransactionParts(wire, meta, residual, encoding, isComplete);
        }
        catch (JsonShapeException shape)
        {
            throw new FormatException($"{shape.Path}: {shape.Message}", shape);
        }
        catch (Exception refused) when (refused is InvalidOperationException or ArgumentException)
        {
            // The builders refuse parts that no transaction or meta can have.
            throw new FormatException(refused.Message, refused);
        }
    }

    /// <summary>Renders a transaction as JSON.</summary>
    /// <param name="wire">Its bytes.</param>
    /// <param name="meta">Its status meta as ConfirmedBlock protobuf; empty = none, rendered as null.</param>
    /// <param name="residual">What <see cref="ToWireAndMeta"/> kept for the same encoding; empty renders as today's nodes do.</param>
    /// <param name="encoding">How to render it.</param>
    /// <returns>UTF-8 JSON.</returns>
    /// <exception cref="FormatException">
    /// Wire or meta are malformed or contradict each other; or an instruction's data, or with <see cref="RenderEncoding.Base58"/> the wire, has more than
    /// 10 KiB (10,240 bytes, the runtime's largest instruction data), which base58 would take quadratic time for.
    /// </exception>
    /// <exception cref="InvalidDataException">The residual does not belong to them, or is damaged.</exception>
    public static byte[] Render(ReadOnlySpan<byte> wire, ReadOnlySpan<byte> meta, ReadOnlySpan<byte> residual, RenderEncoding encoding)
    {
        var reader = new ResidualReader(residual);
        var style = residual.IsEmpty ? RenderStyle.None : (RenderStyle)reader.Number();
        var plain = RenderPlain(wire, meta, encoding, style);
        if (reader.IsAtEnd)
        {
            return plain;
        }

        using var document = JsonDocument.Parse(plain);
        var output = new ArrayBufferWriter<byte>(plain.Length + residual.Length);
        try
        {
            using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
            JsonResidual.Apply(document.RootElement, ref reader, writer);
        }
        catch (Exception damaged) when (damaged is JsonException or InvalidOperationException or ArgumentException)
        {
            throw ResidualReader.Broken();
        }

        return reader.IsAtEnd ? output.WrittenSpan.ToArray() : throw ResidualReader.Broken();
    }

    private static byte[] ResidualOf(JsonElement transaction, byte[] wire, byte[] meta, RenderEncoding encoding)
    {
        var style = RenderStyles.Of(transaction);
        using var plain = JsonDocument.Parse(RenderPlain(wire, meta, encoding, style));
        var residual = new ResidualWriter();
        residual.Number((long)style);
        var differs = JsonResidual.Write(plain.RootElement, transaction, residual);
        return differs || style != RenderStyle.None ? residual.Written.ToArray() : [];
    }

    private static RenderEncoding EncodingOf(JsonElement transaction)
    {
        var inner = transaction.GetProperty("transaction");
        return inner.ValueKind switch
        {
            JsonValueKind.Array => inner[1].ValueEquals("base58") ? RenderEncoding.Base58 : RenderEncoding.Base64,
            JsonValueKind.String => RenderEncoding.Base58, // the oldest form; the residual restores it
            _ => inner.GetProperty("message").TryGetProperty("header", out var header) && header.ValueKind == JsonValueKind.Object ? RenderEncoding.Json : RenderEncoding.JsonParsed,
        };
    }

    private static byte[] RenderPlain(ReadOnlySpan<byte> wire, ReadOnlySpan<byte> meta, RenderEncoding encoding, RenderStyle style)
    {
        if (!WireTransaction.TryParse(wire, out var transaction, out var failure))
        {
            throw new FormatException($"wire: {failure}");
        }

        if (!StatusMeta.TryParse(meta, out var status, out failure))
        {
            throw new FormatException($"meta: {failure}");
        }

        var output = new ArrayBufferWriter<byte>(4 * (wire.Length + meta.Length) + 256);
        using (var writer = new Utf8JsonWriter(output, Compact))
        {
            var keys = RenderKeys.Of(in transaction, in status);
            writer.WriteStartObject();
            writer.WritePropertyName("transaction");
            MessageRenderer.Write(writer, in transaction, wire, keys, encoding, style);
            writer.WritePropertyName("meta");
            if (meta.IsEmpty)
            {
                writer.WriteNullValue();
            }
            else
            {
                MetaRenderer.Write(writer, in status, keys, encoding, style);
            }

            if ((style & RenderStyle.NoVersion) == RenderStyle.None)
            {
                writer.WritePropertyName("version");
                MessageRenderer.WriteVersion(writer, transaction.Format);
            }

            writer.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }
}
