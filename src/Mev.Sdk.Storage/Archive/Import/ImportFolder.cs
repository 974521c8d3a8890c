using System.Text.Json;
using ZstdSharp;

namespace Mev.Sdk.Storage.Archive.Import;

/// <summary>Finds the files of a folder and puts them into the order of their slots.</summary>
internal static class ImportFolder
{
    private static readonly string[] Patterns = ["*.json", "*.json.gz", "*.json.zst", "*.jsonl", "*.jsonl.gz", "*.jsonl.zst"];
    private static readonly EnumerationOptions Everywhere = new() { RecurseSubdirectories = true, MatchCasing = MatchCasing.CaseInsensitive };

    /// <summary>Lists a folder.</summary>
    /// <exception cref="DirectoryNotFoundException">There is none.</exception>
    public static List<ImportFile> List(string directory, long maxFileBytes, CancellationToken cancellationToken)
    {
        var root = Path.GetFullPath(directory);
        if (!Directory.Exists(root))
        {
            throw new DirectoryNotFoundException($"There is no folder '{root}'.");
        }

        var files = new List<ImportFile>();
        foreach (var path in Patterns.SelectMany(pattern => Directory.EnumerateFiles(root, pattern, Everywhere)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var info = new FileInfo(path);
            var name = Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/');
            files.Add(new ImportFile(path, name, info.Length, info.LastWriteTimeUtc.Ticks, ImportFile.SlotIn(name) ?? SlotWithin(path, maxFileBytes)));
        }

        files.Sort(static (a, b) => a.Slot != b.Slot ? a.Slot.CompareTo(b.Slot) : string.CompareOrdinal(a.Name, b.Name));
        return files;
    }

    /// <summary>Reads a file, decompressed.</summary>
    /// <exception cref="InvalidDataException">It is too large, or not what its name says.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static byte[] Read(string path, long maxFileBytes)
    {
        if (!IsCompressed(path))
        {
            return new FileInfo(path).Length <= maxFileBytes ? File.ReadAllBytes(path) : throw TooLarge(maxFileBytes);
        }

        using var file = File.OpenRead(path);
        using var plain = Decompress(path, file);
        using var content = new MemoryStream();
        var buffer = new byte[1 << 16];
        try
        {
            for (int read; (read = plain.Read(buffer)) > 0;)
            {
                content.Write(buffer, 0, read);
                if (content.Length > maxFileBytes)
                {
                    throw TooLarge(maxFileBytes);
                }
            }
        }
        catch (Exception broken) when (broken is ZstdException or EndOfStreamException)
        {
            throw new InvalidDataException($"this is not Zstandard, or it ends in the middle: {broken.Message}", broken);
        }

        return content.ToArray();
    }

    /// <summary>The documents of a file: one, or one a line.</summary>
    public static List<(ReadOnlyMemory<byte> Json, int Line)> Split(string path, ReadOnlyMemory<byte> content)
    {
        if (!Path.GetFileName(path.AsSpan()).Contains(".jsonl", StringComparison.OrdinalIgnoreCase))
        {
            return [(content, 0)];
        }

        var documents = new List<(ReadOnlyMemory<byte> Json, int Line)>();
        for (var line = 1; !content.IsEmpty; line++)
        {
            var end = content.Span.IndexOf((byte)'\n');
            var one = end < 0 ? content : content[..end];
            content = end < 0 ? default : content[(end + 1)..];
            if (one.Span.IndexOfAnyExcept(" \t\r"u8) >= 0)
            {
                documents.Add((one, line));
            }
        }

        return documents;
    }

    private static bool IsCompressed(string path) => path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".zst", StringComparison.OrdinalIgnoreCase);

    private static Stream Decompress(string path, FileStream file) => path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
        ? new System.IO.Compression.GZipStream(file, System.IO.Compression.CompressionMode.Decompress)
        : new DecompressionStream(file);

    private static InvalidDataException TooLarge(long maxFileBytes) =>
        new($"it has more than {maxFileBytes} bytes of JSON; set Mev:Storage:Archive:Import:{nameof(ArchiveImportOptions.MaxFileBytes)} higher if that is right");

    // Only for files whose name does not say. What cannot be read comes first and is reported when it is its turn.
    private static ulong SlotWithin(string path, long maxFileBytes)
    {
        try
        {
            var reader = new Utf8JsonReader(Read(path, maxFileBytes));
            while (reader.Read())
            {
                // Members of the document and of what it wraps; nothing below is looked at.
                if (reader.TokenType != JsonTokenType.PropertyName)
                {
                    continue;
                }

                var isSlot = reader.ValueTextEquals("slot"u8);
                var isParent = reader.ValueTextEquals("parentSlot"u8);
                reader.Read();
                if ((isSlot || isParent) && reader.TokenType == JsonTokenType.Number && reader.TryGetUInt64(out var slot))
                {
                    return isSlot ? slot : slot + 1;
                }

                if (reader.CurrentDepth > 1 || reader.TokenType == JsonTokenType.StartArray)
                {
                    reader.Skip();
                }
            }
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return 0;
        }

        return 0;
    }
}
