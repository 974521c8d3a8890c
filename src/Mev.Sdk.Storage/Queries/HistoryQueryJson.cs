using System.Text.Json;

namespace Mev.Sdk.Storage.Queries;

/// <summary>Questions and answers as JSON: for an API, and for questions that are kept.</summary>
/// <remarks>
/// Names are as in C#, in camel case; enums are words. Values are numbers, strings and truth values; integers beyond 2^53, instants, keys and signatures are strings. A span is
/// <c>{"firstSlot": 1, "lastSlot": 2}</c> or <c>{"from": "2026-01-01T00:00:00Z", "until": "2026-01-02T00:00:00Z"}</c>; an end that is left out is open.
/// </remarks>
public static class HistoryQueryJson
{
    /// <summary>Bytes of a question at most.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>Reads a question.</summary>
    /// <param name="utf8">JSON in UTF-8.</param>
    /// <returns>The question; validated when it is asked, or by <see cref="HistoryQuery.Validate"/>.</returns>
    /// <exception cref="HistoryQueryException">It is not JSON, or has members that there are not.</exception>
    public static HistoryQuery Read(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MaxBytes)
        {
            throw new HistoryQueryException([$"query: it has {utf8.Length} bytes; at most {MaxBytes} are read."]);
        }

        try
        {
            return (JsonSerializer.Deserialize(utf8, HistoryJsonContext.Default.QueryForm) ?? throw new HistoryQueryException(["query: it is null; state at least a table."])).ToQuery();
        }
        catch (JsonException e)
        {
            throw new HistoryQueryException([$"query{e.Path?.TrimStart('$')}: {e.Message} See docs/queries.md for its form."]);
        }
    }

    /// <summary>Writes a question.</summary>
    /// <param name="query">The question.</param>
    /// <returns>JSON in UTF-8; <see cref="Read"/> makes it the same question again.</returns>
    public static byte[] Write(HistoryQuery query) => JsonSerializer.SerializeToUtf8Bytes(QueryForm.Of(query), HistoryJsonContext.Default.QueryForm);

    /// <summary>Writes an answer: <c>fields</c>, <c>rows</c> as arrays, <c>next</c>, <c>missing</c> and <c>elapsedMilliseconds</c>.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="answer">The answer.</param>
    public static void Write(Utf8JsonWriter writer, HistoryAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(answer);
        writer.WriteStartObject();
        writer.WriteStartArray("fields");
        foreach (var field in answer.Fields)
        {
            writer.WriteStringValue(field.Name);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("rows");
        foreach (var row in answer.Rows)
        {
            WriteValues(writer, row.Values);
        }

        writer.WriteEndArray();
        writer.WritePropertyName("next");
        WriteValues(writer, answer.Next);
        writer.WriteStartArray("missing");
        foreach (var missing in answer.Missing)
        {
            writer.WriteStartObject();
            writer.WriteString("span", missing.Span.ToString());
            writer.WriteString("store", missing.Store);
            writer.WriteString("reason", missing.Reason);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteNumber("elapsedMilliseconds", answer.Elapsed.TotalMilliseconds);
        writer.WriteEndObject();
    }

    private static void WriteValues(Utf8JsonWriter writer, IReadOnlyList<HistoryValue> values)
    {
        writer.WriteStartArray();
        foreach (var value in values)
        {
            HistoryValueJson.Write(writer, value);
        }

        writer.WriteEndArray();
    }
}
