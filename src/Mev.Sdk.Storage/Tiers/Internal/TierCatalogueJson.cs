using System.Globalization;
using System.Text.Json;
using Mev.Sdk.Storage.Queries;

namespace Mev.Sdk.Storage.Tiers.Internal;

/// <summary>The catalogue as JSON: small, and to be read by a person with nothing but a text viewer.</summary>
internal static class TierCatalogueJson
{
    private const int Version = 1;

    public static byte[] Write(TierCatalogue catalogue)
    {
        var file = new CatalogueFile
        {
            Version = Version,
            Mover = catalogue.Mover,
            MovesUntil = catalogue.MovesUntil,
            Pins = [.. catalogue.Pins.Select(static pin => pin.ToString())],
            Partitions = [.. catalogue.Entries.Select(static entry => new EntryFile
            {
                Partition = entry.Partition.ToString(),
                Tier = entry.Tier.ToString(),
                Newest = entry.Newest,
                Rows = entry.Rows,
                FirstLsn = entry.FirstLsn.Value,
                LastLsn = entry.LastLsn.Value,
                Parts = [.. entry.Parts.Select(static part => new PartFile
                {
                    Table = part.Table,
                    Name = part.Name,
                    Rows = part.Sum.Rows,
                    Sum = Text(part.Sum.Sum),
                    Bytes = part.Bytes,
                    RowBytes = part.RowBytes,
                    FirstLsn = part.FirstLsn.Value,
                    LastLsn = part.LastLsn.Value,
                    SourceRows = part.Source?.Rows,
                    SourceSum = part.Source is { } source ? Text(source.Sum) : null,
                })],
            })],
        };
        return JsonSerializer.SerializeToUtf8Bytes(file, CatalogueContext.Default.CatalogueFile);
    }

    /// <exception cref="InvalidDataException">It is no catalogue, or a later version's.</exception>
    public static TierCatalogue Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var file = JsonSerializer.Deserialize(bytes, CatalogueContext.Default.CatalogueFile) ?? throw new FormatException("it is null");
            if (file.Version != Version)
            {
                throw new FormatException($"its version is {file.Version}, and this program reads {Version}");
            }

            return new TierCatalogue
            {
                Mover = file.Mover,
                MovesUntil = file.MovesUntil,
                Pins = [.. file.Pins.Select(Partition).Distinct().Order(TierPartition.Order)],
                Entries = [.. file.Partitions.Select(Entry).OrderBy(static entry => entry.Partition, TierPartition.Order)],
            };
        }
        catch (Exception e) when (e is JsonException or FormatException or OverflowException)
        {
            throw new InvalidDataException(
                $"'{TierCatalogueStore.BlobName}' cannot be read: {e.Message.TrimEnd('.')}. It says which rows left the hot tier: restore it from a copy, and let no mover run until then.", e);
        }
    }

    private static TierEntry Entry(EntryFile file) => new()
    {
        Partition = Partition(file.Partition),
        Tier = Enum.TryParse<HistoryTier>(file.Tier, out var tier) && Enum.IsDefined(tier) ? tier : throw new FormatException($"'{file.Tier}' is no tier"),
        Newest = file.Newest,
        Rows = file.Rows,
        FirstLsn = new Lsn(file.FirstLsn),
        LastLsn = new Lsn(file.LastLsn),
        Parts = [.. file.Parts.Select(static part => new TierPart(
            part.Table,
            BlobName.IsValid(part.Name) ? part.Name : throw new FormatException($"'{part.Name}' is no part's name"),
            new RowSum(part.Rows, Number(part.Sum)),
            part.Bytes,
            new Lsn(part.FirstLsn),
            new Lsn(part.LastLsn),
            part.SourceSum is null ? null : new RowSum(part.SourceRows ?? 0, Number(part.SourceSum)),
            part.RowBytes))],
    };

    private static TierPartition Partition(string text) => TierPartition.TryParse(text, out var partition) ? partition : throw new FormatException($"'{text}' is no partition");

    private static string Text(UInt128 sum) => sum.ToString("x32", CultureInfo.InvariantCulture);

    private static UInt128 Number(string text) => UInt128.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
