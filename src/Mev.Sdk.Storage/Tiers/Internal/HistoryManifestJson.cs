using System.Globalization;
using System.Text.Json;

namespace Mev.Sdk.Storage.Tiers.Internal;

/// <summary>A manifest as JSON.</summary>
internal static class HistoryManifestJson
{
    private const int Version = 1;

    public static byte[] Write(HistoryManifest manifest) => JsonSerializer.SerializeToUtf8Bytes(
        new ManifestFile
        {
            Version = Version,
            Checkpoint = manifest.Checkpoint.Value,
            Entries = [.. manifest.Entries.Select(static entry => new ManifestEntryFile
            {
                Table = entry.Table,
                Partition = entry.Partition.ToString(),
                Rows = entry.Sum.Rows,
                Sum = entry.Sum.Sum.ToString("x32", CultureInfo.InvariantCulture),
            })],
        },
        CatalogueContext.Default.ManifestFile);

    /// <exception cref="InvalidDataException">It is no manifest, or a later version's.</exception>
    public static (Lsn Checkpoint, IReadOnlyList<HistoryManifestEntry> Entries) Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var file = JsonSerializer.Deserialize(json, CatalogueContext.Default.ManifestFile) ?? throw new FormatException("it is null");
            if (file.Version != Version)
            {
                throw new FormatException($"its version is {file.Version}, and this program reads {Version}");
            }

            var entries = file.Entries.Select(Entry).ToList();
            return entries.DistinctBy(static entry => (entry.Table, entry.Partition)).Count() == entries.Count
                ? (new Lsn(file.Checkpoint), entries)
                : throw new FormatException("it names a table of a partition twice");
        }
        catch (Exception e) when (e is JsonException or FormatException or OverflowException)
        {
            throw new InvalidDataException($"The manifest cannot be read: {e.Message.TrimEnd('.')}. Take another copy of it, or take a new one of the database.", e);
        }
    }

    private static HistoryManifestEntry Entry(ManifestEntryFile entry) => new(
        entry.Table,
        TierPartition.TryParse(entry.Partition, out var partition) ? partition : throw new FormatException($"'{entry.Partition}' is no partition"),
        new RowSum(entry.Rows, UInt128.Parse(entry.Sum, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)));
}
