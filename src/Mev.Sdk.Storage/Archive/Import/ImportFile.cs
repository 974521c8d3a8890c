using System.Globalization;

namespace Mev.Sdk.Storage.Archive.Import;

/// <summary>A file of an imported folder.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Name">Its path within the folder, with slashes.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Ticks">When it was last written, ticks of UTC.</param>
/// <param name="Slot">What it is ordered by: the slot in its name, or in its content; 0 = it does not say.</param>
internal sealed record ImportFile(string Path, string Name, long Length, long Ticks, ulong Slot)
{
    /// <summary>The number that ends a name and stands alone: <c>block-285000037.json.gz</c>.</summary>
    public static ulong? SlotIn(string name)
    {
        var stem = System.IO.Path.GetFileName(name.AsSpan());
        var end = stem.IndexOf('.');
        stem = end < 0 ? stem : stem[..end];
        var digits = stem.Length - stem.TrimEnd("0123456789").Length;
        var standsAlone = digits > 0 && (digits == stem.Length || stem[^(digits + 1)] is '-' or '_');
        return standsAlone && ulong.TryParse(stem[^digits..], NumberStyles.None, CultureInfo.InvariantCulture, out var slot) ? slot : null;
    }
}
