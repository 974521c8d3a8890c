namespace Mev.Sdk.Storage.Columnar;

/// <summary>How Parquet and Arrow files are made. Read once, when a writer or exporter is made.</summary>
public sealed class ColumnarOptions
{
    /// <summary>Rows of a row group (Parquet) or record batch (Arrow) at most, 1 to 16,777,216. Rows are sorted within one. Default 122,880.</summary>
    public int RowGroupRows { get; set; } = 122_880;

    /// <summary>Values of a row group, mebibytes, after which it is written although it has fewer rows, 1 to 512; what a writer holds in memory is about three times as much. Default 64.</summary>
    public int RowGroupMegabytes { get; set; } = 64;

    /// <summary>Zstandard's level in Parquet, 1 (fast) to 22 (small). Default 6.</summary>
    public int CompressionLevel { get; set; } = 6;

    /// <summary>Whether tables of transactions have the wire bytes and the status meta as two more columns. Default false: the journal and the archive have them, and <c>lsn</c> leads there.</summary>
    public bool IncludeRaw { get; set; }

    /// <summary>Whether an export to a path may replace a file that is there. Default false.</summary>
    public bool Overwrite { get; set; }

    /// <summary>Lists what is wrong with the options.</summary>
    /// <param name="section">Configuration key of the options, for the messages.</param>
    /// <returns>One message a problem, with key and remedy; empty when there is none.</returns>
    public IEnumerable<string> Validate(string section = "Mev:Storage:Columnar")
    {
        if (RowGroupRows is < 1 or > 16_777_216)
        {
            yield return $"{section}:{nameof(RowGroupRows)} is {RowGroupRows}: set 1 to 16777216.";
        }

        if (RowGroupMegabytes is < 1 or > 512)
        {
            yield return $"{section}:{nameof(RowGroupMegabytes)} is {RowGroupMegabytes}: set 1 to 512.";
        }

        if (CompressionLevel is < 1 or > 22)
        {
            yield return $"{section}:{nameof(CompressionLevel)} is {CompressionLevel}: set 1 to 22.";
        }
    }

    internal ColumnarOptions Checked()
    {
        var problems = string.Join(' ', Validate());
        return problems.Length == 0 ? (ColumnarOptions)MemberwiseClone() : throw new ArgumentException(problems);
    }
}
