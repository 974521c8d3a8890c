using Mev.Sdk.Records;

namespace Mev.Sdk.Storage.Archive.Import;

/// <summary>How an <see cref="ArchiveImporter"/> takes files. Read once, when it is made.</summary>
public sealed class ArchiveImportOptions
{
    /// <summary>Log id of the imported records, upper 16 bits of their LSNs; nothing else may use it. Default 65,280 (0xFF00).</summary>
    public ushort LogId { get; set; } = 0xFF00;

    /// <summary>Source id of the imported records. Default 65,280.</summary>
    public uint SourceId { get; set; } = 0xFF00;

    /// <summary>How final the imported blocks are. Default <see cref="SightingStage.Finalized"/>.</summary>
    public SightingStage Stage { get; set; } = SightingStage.Finalized;

    /// <summary>Bytes of frames and residuals after which an object ends, behind a whole file, 1 MiB to 64 GiB; an interrupted import loses at most the object it was making. Default 512 MiB.</summary>
    public long ObjectBytes { get; set; } = 512L << 20;

    /// <summary>Greatest file taken, bytes of JSON, 1 MiB to 2,147,483,000; about six times as much memory is used for it. Default 512 MiB.</summary>
    public long MaxFileBytes { get; set; } = 512L << 20;

    /// <summary>Files read and decoded at the same time, 1 to 64; each takes memory of its own. Default one a processor, at most 8.</summary>
    public int ParallelFiles { get; set; } = Math.Min(Environment.ProcessorCount, 8);

    /// <summary>What is done about a file that cannot be taken. Default <see cref="BadFileAction.Skip"/>.</summary>
    public BadFileAction OnBadFile { get; set; } = BadFileAction.Skip;

    /// <summary>Folder where an object is put together. Default the system's folder for temporary files.</summary>
    public string SpoolDirectory { get; set; } = "";

    /// <summary>How objects are written.</summary>
    public ArchiveWriterOptions Writer { get; set; } = new();

    /// <summary>Lists what is wrong with the options.</summary>
    /// <param name="section">Configuration key of the options, for the messages.</param>
    /// <returns>One message a problem, with key and remedy; empty when there is none.</returns>
    public IEnumerable<string> Validate(string section = "Mev:Storage:Archive:Import")
    {
        if (ObjectBytes is < 1 << 20 or > 64L << 30)
        {
            yield return $"{section}:{nameof(ObjectBytes)} is {ObjectBytes}: set 1048576 to 68719476736.";
        }

        if (MaxFileBytes is < 1 << 20 or > 2_147_483_000)
        {
            yield return $"{section}:{nameof(MaxFileBytes)} is {MaxFileBytes}: set 1048576 to 2147483000.";
        }

        if (ParallelFiles is < 1 or > 64)
        {
            yield return $"{section}:{nameof(ParallelFiles)} is {ParallelFiles}: set 1 to 64.";
        }

        if (!Enum.IsDefined(OnBadFile))
        {
            yield return $"{section}:{nameof(OnBadFile)} is {OnBadFile}: set {nameof(BadFileAction.Skip)} or {nameof(BadFileAction.Stop)}.";
        }

        foreach (var problem in Writer.Validate())
        {
            yield return problem;
        }
    }

    internal ArchiveImportOptions Copy() => (ArchiveImportOptions)MemberwiseClone();
}
