using System.Globalization;

namespace Mev.Sdk.Solana.Json;

/// <summary>Renders bytes as base58, as long as that takes no absurd time: see <see cref="JsonNode.MaxBase58Bytes"/>.</summary>
internal static class BoundedBase58
{
    /// <summary>The text of some bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="what">What they are, for the error.</param>
    /// <returns>Their base58 text.</returns>
    /// <exception cref="FormatException">They are longer than <see cref="JsonNode.MaxBase58Bytes"/>.</exception>
    public static string Encode(ReadOnlySpan<byte> bytes, string what) => bytes.Length <= JsonNode.MaxBase58Bytes ? Base58.Encode(bytes)
        : throw new FormatException(string.Create(
            CultureInfo.InvariantCulture, $"{what} of {bytes.Length} bytes cannot be rendered as base58; the runtime's largest instruction data has {JsonNode.MaxBase58Bytes}"));
}
