using System.Text;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest;

/// <summary>Stable ids of configured sources.</summary>
public static class SourceIds
{
    /// <summary>The id of a source in <see cref="StreamPosition.SourceId"/>: CRC-32C of its name in UTF-8.</summary>
    /// <param name="name">The configured name.</param>
    /// <returns>The id; never 0, which is the host itself.</returns>
    public static uint FromName(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return Math.Max(1, Crc32C.Compute(Encoding.UTF8.GetBytes(name)));
    }
}
