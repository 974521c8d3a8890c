using System.Globalization;

namespace Mev.Sdk.Storage.Journal;

/// <summary>Names of segment files.</summary>
internal static class SegmentFiles
{
    public const string Extension = ".mevj";
    public const string TemporaryExtension = ".tmp";

    public static string GetPath(string directory, uint number) =>
        Path.Combine(directory, number.ToString("D8", CultureInfo.InvariantCulture) + Extension);

    /// <summary>Lists the segments in order.</summary>
    /// <exception cref="InvalidDataException">A number in the middle is missing, or a name is not a number.</exception>
    public static List<(uint Number, string Path)> List(JournalDisk disk, string directory)
    {
        var found = new List<(uint Number, string Path)>();
        foreach (var path in disk.List(directory, Extension))
        {
            if (!uint.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                throw new InvalidDataException($"The journal folder holds '{path}', whose name is not a segment number: move it away or give it its name back.");
            }

            found.Add((number, path));
        }

        found.Sort();
        for (var i = 1; i < found.Count; i++)
        {
            if (found[i].Number != found[i - 1].Number + 1)
            {
                throw new InvalidDataException(
                    $"The journal lacks '{GetPath(directory, found[i - 1].Number + 1)}' between '{found[i - 1].Path}' and '{found[i].Path}': restore it from a copy.");
            }
        }

        return found;
    }
}
