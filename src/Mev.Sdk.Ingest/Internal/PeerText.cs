using System.Globalization;
using System.Text;

namespace Mev.Sdk.Ingest.Internal;

/// <summary>Text that a peer chose, for logs and terminals: it must not be able to forge lines, move a cursor, or turn the direction of what stands beside it.</summary>
internal static class PeerText
{
    /// <summary>Decodes UTF-8 and replaces controls, line and paragraph separators, and invisible format characters (bidirectional overrides among them) by U+FFFD.</summary>
    public static string Decode(ReadOnlySpan<byte> utf8)
    {
        var raw = Encoding.UTF8.GetString(utf8);
        return raw.Any(IsHarmful) ? string.Concat(raw.Select(static c => IsHarmful(c) ? '\uFFFD' : c)) : raw;
    }

    private static bool IsHarmful(char c) => char.GetUnicodeCategory(c)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
