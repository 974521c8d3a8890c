using System.Text;
using Mev.Sdk.Ingest.Solana.Diagnostics;

namespace Mev.Sdk.Ingest.Solana.Nodes;

/// <summary>Bounds what nodes say of themselves: anyone may gossip a version of a megabyte, which would then be journaled with every look.</summary>
internal static class NodeTexts
{
    /// <summary>The longest text that is kept, bytes of UTF-8.</summary>
    public const int MaxBytes = 256;

    /// <summary>A text's UTF-8, cut between two characters when it is too long.</summary>
    public static byte[] Cut(string text, KeyValuePair<string, object?> source)
    {
        if (Fits(text, source))
        {
            return Encoding.UTF8.GetBytes(text);
        }

        Span<byte> bytes = stackalloc byte[MaxBytes];
        Encoding.UTF8.GetEncoder().Convert(text, bytes, flush: false, out _, out var written, out _);
        return bytes[..written].ToArray();
    }

    /// <summary>Whether a text is short enough; one that is not is counted.</summary>
    public static bool Fits(string text, KeyValuePair<string, object?> source)
    {
        if (text.Length <= MaxBytes && Encoding.UTF8.GetByteCount(text) <= MaxBytes)
        {
            return true;
        }

        ChainMetrics.LongTexts.Add(1, source);
        return false;
    }
}
