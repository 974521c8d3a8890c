namespace Mev.Sdk.Features;

/// <summary>How much a <see cref="FeatureEngine"/> remembers; configuration section <c>Mev:Features</c>. Live and replay must use the same values to agree.</summary>
public sealed class FeatureEngineOptions
{
    /// <summary>Pools remembered, pools; the one that was traded longest ago is forgotten first.</summary>
    /// <value>Default 65,536 (about 8 MiB); 16 to 16,777,216.</value>
    public int MaxPools { get; set; } = 65_536;

    /// <summary>Tokens whose last prices are remembered, tokens; the one that was traded longest ago is forgotten first.</summary>
    /// <value>Default 32,768 (about 9 MiB); 16 to 16,777,216.</value>
    public int MaxTokens { get; set; } = 32_768;

    /// <summary>Latest signatures by which a first sighting is told from a later one, signatures.</summary>
    /// <value>Default 500,000 (at most about 100 MiB); 16 to 16,777,216.</value>
    public int SightingWindow { get; set; } = 500_000;

    internal IEnumerable<string> Validate()
    {
        foreach (var (name, value) in new[] { (nameof(MaxPools), MaxPools), (nameof(MaxTokens), MaxTokens), (nameof(SightingWindow), SightingWindow) })
        {
            if (value is < 16 or > 16_777_216)
            {
                yield return $"Mev:Features:{name} is {value}: choose 16 to 16777216.";
            }
        }
    }
}
