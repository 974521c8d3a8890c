using System.Text.Encodings.Web;
using System.Text.Json;
using Mev.Sdk.Records;
using Mev.Sdk.Solana.Json;
using Mev.Sdk.Solana.Transactions;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Benchmarks.Data;

/// <summary>Real transactions as JSON, and as the frames and residuals that an archive keeps of them.</summary>
internal sealed class ArchiveInput
{
    private ArchiveInput(IEnumerable<JsonElement> transactions, ulong slot)
    {
        using var lines = new MemoryStream();
        var decoder = new TransactionDecoder();
        var swaps = new List<SwapEntry>();
        var frames = new List<(byte[] Frame, byte[] Residual)>();
        foreach (var transaction in transactions)
        {
            using (var json = new Utf8JsonWriter(lines, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            {
                transaction.WriteTo(json);
            }

            lines.WriteByte((byte)'\n');
            var parts = TransactionRendering.ToWireAndMeta(transaction);
            var context = new SightingContext(slot, 0, (uint)frames.Count, SightingStage.Confirmed);
            if (!decoder.TryDecode(parts.Wire, parts.Meta, in context, out var record, swaps, out var error))
            {
                throw new InvalidOperationException(error);
            }

            var frame = new byte[TransactionView.GetFrameLength(swaps.Count, parts.Wire.Length, parts.Meta.Length)];
            TransactionView.Write(frame, 0, in record, swaps.ToArray(), parts.Wire, parts.Meta);
            FrameWriter.Stamp(frame, (ulong)frames.Count + 1, 0);
            frames.Add((frame, parts.Residual));
            FrameBytes += frame.Length;
        }

        Frames = frames;
        Json = lines.ToArray();
    }

    /// <summary>Compact JSON, one transaction a line.</summary>
    public byte[] Json { get; }

    /// <summary>The frames, and what the JSON has beyond them.</summary>
    public IReadOnlyList<(byte[] Frame, byte[] Residual)> Frames { get; }

    /// <summary>Bytes of all frames.</summary>
    public long FrameBytes { get; }

    /// <summary>The real block, or null where the machine does not have it.</summary>
    public static ArchiveInput? Block()
    {
        if (ChainFiles.Block is not { } path)
        {
            return null;
        }

        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        return new ArchiveInput(document.RootElement.GetProperty("transactions").EnumerateArray(), 285_000_037);
    }

    /// <summary>The single transactions of many protocols, or null where the machine does not have them.</summary>
    public static ArchiveInput? Diverse()
    {
        if (ChainFiles.Block is not { } path)
        {
            return null;
        }

        var folder = Path.Combine(Path.GetDirectoryName(path)!, "transactions");
        return Directory.Exists(folder)
            ? new ArchiveInput(
                Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal).Select(static file => JsonDocument.Parse(File.ReadAllBytes(file)).RootElement.GetProperty("raw")),
                300_000_000)
            : null;
    }
}
