using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Mev.Sdk.Records;
using Mev.Sdk.Solana.Json;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Archive.Import;

/// <summary>Makes the JSON again that records were imported from.</summary>
/// <remarks>The value is equal to the file's: the same members and numbers, not the same order or spacing. Thread-safe.</remarks>
public static class ArchiveJson
{
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Renders one transaction.</summary>
    /// <param name="record">Its record; one that came from elsewhere than an import is rendered as today's nodes do.</param>
    /// <param name="residual">What the archive kept beside it.</param>
    /// <returns>UTF-8 JSON; of a transaction that was a file by itself, the file's.</returns>
    /// <exception cref="ArgumentException">It is no transaction.</exception>
    /// <exception cref="FormatException">The record has no wire bytes to render, or they are malformed.</exception>
    /// <exception cref="InvalidDataException">The residual does not belong to it, or is damaged.</exception>
    public static byte[] RenderTransaction(in RecordView record, ReadOnlySpan<byte> residual)
    {
        if (!TransactionView.TryRead(in record, out var view))
        {
            throw new ArgumentException($"The record at LSN {record.Lsn} is no transaction.", nameof(record));
        }

        var kept = ImportResidual.Read(residual);
        return Wrap(in kept, kept.IsRaw ? kept.Rest.ToArray() : TransactionRendering.Render(view.Wire, view.Meta, kept.Rest.Span, kept.Encoding));
    }

    /// <summary>Renders the files that records were imported from, one document a file: blocks with their transactions, and transactions by themselves.</summary>
    /// <param name="batches">What <c>ReadArchivedAsync</c> gives, from a block's record on; each is released. Other kinds of record are passed over.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>UTF-8 JSON, in the order of LSNs.</returns>
    /// <exception cref="InvalidDataException">A block's transactions are not all there, or what was kept is damaged; the message names the LSN.</exception>
    public static async IAsyncEnumerable<byte[]> ReadDocumentsAsync(IAsyncEnumerable<ArchiveBatch> batches, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batches);
        var reader = new ArchiveJsonReader();
        var documents = new List<byte[]>();
        await foreach (var batch in batches.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            try
            {
                reader.Read(batch, documents);
            }
            finally
            {
                batch.Release();
            }

            foreach (var document in documents)
            {
                yield return document;
            }

            documents.Clear();
        }

        reader.End();
    }

    /// <summary>Puts a document into the place of null in what was around it.</summary>
    internal static byte[] Wrap(in ImportResidual residual, byte[] document)
    {
        if (!residual.IsWrapped)
        {
            return document;
        }

        var output = new ArrayBufferWriter<byte>(document.Length + residual.Wrapper.Length);
        using var json = new Utf8JsonWriter(output, Writing);
        try
        {
            using var wrapper = JsonDocument.Parse(residual.Wrapper);
            json.WriteStartObject();
            foreach (var member in wrapper.RootElement.EnumerateObject())
            {
                if (member.Name == residual.WrapperName)
                {
                    json.WritePropertyName(member.Name);
                    json.WriteRawValue(document, skipInputValidation: true);
                }
                else
                {
                    member.WriteTo(json);
                }
            }

            json.WriteEndObject();
        }
        catch (Exception damaged) when (damaged is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException("What was kept of the JSON around a document is damaged.", damaged);
        }

        json.Flush();
        return output.WrittenSpan.ToArray();
    }
}
