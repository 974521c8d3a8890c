namespace Mev.Sdk.Benchmarks.Data;

/// <summary>The frames of "about 500 B" that the small measures share.</summary>
internal static class SmallFrames
{
    /// <summary>Bytes of each.</summary>
    public const int Bytes = 504;

    /// <summary>How many different ones.</summary>
    public const int Count = 2000;
}
