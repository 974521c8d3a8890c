using System.Globalization;

namespace Mev.Sdk.Storage.Archive;

/// <summary>Names of archive objects: <c>objects/&lt;log id&gt;/&lt;first LSN&gt;-&lt;last LSN&gt;.mevarc</c>, hexadecimal of fixed length, so that listings come in the order of LSNs.</summary>
public static class ArchiveNames
{
    /// <summary>What all names begin with.</summary>
    public const string Prefix = "objects/";

    private const string Extension = ".mevarc";
    private const int LogIdDigits = 4;
    private const int LsnDigits = 16;

    // objects/ 0000 / 0000000000000000 - 0000000000000000 .mevarc
    private static readonly int Length = Prefix.Length + LogIdDigits + 1 + LsnDigits + 1 + LsnDigits + Extension.Length;

    /// <summary>The name of an object.</summary>
    /// <param name="firstLsn">LSN of its first record.</param>
    /// <param name="lastLsn">LSN of its last record, of the same log.</param>
    /// <returns>The name.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty, or of two logs.</exception>
    public static string Of(Lsn firstLsn, Lsn lastLsn)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstLsn, lastLsn);
        ArgumentOutOfRangeException.ThrowIfNotEqual(lastLsn.LogId, firstLsn.LogId, nameof(lastLsn));
        return string.Create(CultureInfo.InvariantCulture, $"{PrefixOf(firstLsn.LogId)}{firstLsn.Value:x16}-{lastLsn.Value:x16}{Extension}");
    }

    /// <summary>What the names of a log's objects begin with.</summary>
    /// <param name="logId">The log.</param>
    /// <returns>The prefix.</returns>
    public static string PrefixOf(ushort logId) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{logId:x4}/");

    /// <summary>Reads a name.</summary>
    /// <param name="name">The name of a blob.</param>
    /// <param name="firstLsn">LSN of the object's first record.</param>
    /// <param name="lastLsn">LSN of its last one.</param>
    /// <returns>False when it is not the name of an archive object.</returns>
    public static bool TryParse(ReadOnlySpan<char> name, out Lsn firstLsn, out Lsn lastLsn)
    {
        (firstLsn, lastLsn) = (Lsn.None, Lsn.None);
        if (name.Length != Length || !name.StartsWith(Prefix, StringComparison.Ordinal) || !name.EndsWith(Extension, StringComparison.Ordinal))
        {
            return false;
        }

        var at = Prefix.Length + LogIdDigits;
        if (name[at] != '/' || name[at + 1 + LsnDigits] != '-'
            || !ushort.TryParse(name.Slice(Prefix.Length, LogIdDigits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var logId)
            || !ulong.TryParse(name.Slice(at + 1, LsnDigits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var first)
            || !ulong.TryParse(name.Slice(at + 2 + LsnDigits, LsnDigits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var last))
        {
            return false;
        }

        (firstLsn, lastLsn) = (new Lsn(first), new Lsn(last));
        return first <= last && firstLsn.LogId == logId && lastLsn.LogId == logId;
    }
}
