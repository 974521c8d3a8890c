using System.Globalization;

namespace Mev.Sdk.Ingest.Solana.Files;

/// <summary>What a block file's name says.</summary>
internal static class BlockFileName
{
    /// <summary>The number that ends a name and stands alone: <c>block-285000037.json</c>.</summary>
    public static ulong? SlotIn(string name)
    {
        var stem = Path.GetFileNameWithoutExtension(name.AsSpan());
        var digits = stem.Length - stem.TrimEnd("0123456789").Length;
        var standsAlone = digits > 0 && (digits == stem.Length || stem[^(digits + 1)] is '-' or '_' or '.');
        return standsAlone && ulong.TryParse(stem[^digits..], NumberStyles.None, CultureInfo.InvariantCulture, out var slot) ? slot : null;
    }
}
