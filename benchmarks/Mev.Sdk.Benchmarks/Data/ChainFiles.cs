namespace Mev.Sdk.Benchmarks.Data;

/// <summary>Real chain data, where the machine has it: the folder in MEV_DATA_DIR, or ../shared/data beside the repository.</summary>
internal static class ChainFiles
{
    /// <summary>The mainnet block that the published figures use.</summary>
    public const string BlockName = "block-285000037.json";

    /// <summary>Path of <see cref="BlockName"/>, or null.</summary>
    public static string? Block { get; } = Find();

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("MEV_DATA_DIR") is { Length: > 0 } configured)
        {
            return Existing(configured);
        }

        return RepositoryFolder.Path is { } repository ? Existing(Path.Combine(Path.GetDirectoryName(repository)!, "shared", "data")) : null;
    }

    private static string? Existing(string data)
    {
        var path = Path.Combine(data, "solana", BlockName);
        return File.Exists(path) ? path : null;
    }
}
