using System.Text.Encodings.Web;
using System.Text.Json;

namespace Mev.Sdk.Benchmarks.Data;

/// <summary>The JSON that a compressor gets.</summary>
internal static class BlockJson
{
    /// <summary>The real block as a node sends it, without blanks between tokens; null where the machine does not have it.</summary>
    public static byte[]? Compact()
    {
        if (ChainFiles.Block is not { } path)
        {
            return null;
        }

        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        using var output = new MemoryStream();
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            document.WriteTo(json);
        }

        return output.ToArray();
    }

    /// <summary>The transactions of a getBlock result as compact JSON, one a line.</summary>
    public static byte[] CompactLines(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        var block = document.RootElement.TryGetProperty("result", out var result) ? result : document.RootElement;
        using var output = new MemoryStream();
        foreach (var transaction in block.GetProperty("transactions").EnumerateArray())
        {
            using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            {
                transaction.WriteTo(json);
            }

            output.WriteByte((byte)'\n');
        }

        return output.ToArray();
    }
}
