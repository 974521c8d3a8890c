namespace Mev.Sdk.Storage.DuckDb;

/// <summary>How an <see cref="ArchiveHistoryStore"/> makes rows of archived records. Read once, when it is made.</summary>
public sealed class ArchiveHistoryOptions
{
    /// <summary>A folder of this machine, of one process alone, for the rows of a question while it is answered. Required; a host that sets none uses <c>cold</c> in the data directory.</summary>
    public string ScratchDirectory { get; set; } = "";

    /// <summary>Records that one question may decode at most, 1,000 to 1,000,000,000; one that needs more is refused before it begins. Default 20,000,000.</summary>
    public long MaxRecords { get; set; } = 20_000_000;

    /// <summary>
    /// Records before and behind a partition's that are decoded too, 0 to 10,000,000: for what was told of its transactions later (stages, scores, outcomes), and to know a repeat as one. Default 65,536.
    /// </summary>
    public int LateRecords { get; set; } = 65_536;

    /// <summary>Memory of the engine that answers one question, mebibytes, at least 128. Default 1,024.</summary>
    public int MemoryMegabytes { get; set; } = 1024;

    /// <summary>Threads of it, 1 to 256. Default 2.</summary>
    public int Threads { get; set; } = 2;

    /// <summary>Lists what is wrong with the options.</summary>
    /// <param name="section">Configuration key of the options, for the messages.</param>
    /// <returns>One message a problem, with key and remedy; empty when there is none.</returns>
    public IEnumerable<string> Validate(string section = "Mev:Storage:Cold")
    {
        if (string.IsNullOrWhiteSpace(ScratchDirectory))
            yield return $"{section}:{nameof(ScratchDirectory)} is not set: set a folder of this machine.";
        if (MaxRecords is < 1_000 or > 1_000_000_000)
            yield return $"{section}:{nameof(MaxRecords)} is {MaxRecords}: set 1000 to 1000000000.";
        if (LateRecords is < 0 or > 10_000_000)
            yield return $"{section}:{nameof(LateRecords)} is {LateRecords}: set 0 to 10000000.";
        if (MemoryMegabytes < 128)
            yield return $"{section}:{nameof(MemoryMegabytes)} is {MemoryMegabytes}: set at least 128.";
        if (Threads is < 1 or > 256)
            yield return $"{section}:{nameof(Threads)} is {Threads}: set 1 to 256.";
    }
}
