using Mev.Sdk.Ingest.Solana.Internal;
using Mev.Sdk.Records;

namespace Mev.Sdk.Ingest.Solana.Files;

/// <summary>Options of the source that reads block files. Configuration shape: <c>Mev:Ingest:Solana:Files:*</c>.</summary>
public sealed class BlockFileSourceOptions
{
    /// <summary>Where the options stand in configuration.</summary>
    public const string Section = "Mev:Ingest:Solana:Files";

    /// <summary>Identifies the stream in the journal: keep it. Default <c>block-files</c>.</summary>
    public string Name { get; set; } = "block-files";

    /// <summary>The folder with the files. Default none: required.</summary>
    public string Folder { get; set; } = "";

    /// <summary>Which of its files, <c>*</c> and <c>?</c> stand for anything. Default <c>*.json</c>.</summary>
    public string Pattern { get; set; } = "*.json";

    /// <summary>How final the blocks were when the files were made. Default <see cref="SightingStage.Finalized"/>.</summary>
    public SightingStage Stage { get; set; } = SightingStage.Finalized;

    /// <summary>Wait before the folder is looked at again for new files. Default null: the source ends with the last file.</summary>
    public TimeSpan? FollowInterval { get; set; }

    /// <summary>Longest file that is read, bytes. Default 512 MiB; 64 KiB to 1 GiB.</summary>
    public int MaxFileBytes { get; set; } = 512 << 20;

    internal void Validate(string key, List<string> errors)
    {
        OptionChecks.Name(Name, $"{key}:Name", errors);
        if (string.IsNullOrWhiteSpace(Folder))
        {
            errors.Add($"{key}:Folder is missing; set it to the folder with the block files.");
        }

        if (string.IsNullOrWhiteSpace(Pattern) || Pattern.AsSpan().ContainsAny('/', '\\'))
        {
            errors.Add($"{key}:Pattern is '{Pattern}'; give the pattern of a file's name, such as *.json.");
        }

        if (FollowInterval is { } interval)
        {
            OptionChecks.Positive(interval, $"{key}:FollowInterval", errors);
        }

        OptionChecks.Range(MaxFileBytes, 64 << 10, 1 << 30, $"{key}:MaxFileBytes", errors);
    }
}
