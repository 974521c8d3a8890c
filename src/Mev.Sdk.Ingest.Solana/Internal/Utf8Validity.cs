using System.Buffers;
using System.Text;

namespace Mev.Sdk.Ingest.Solana.Internal;

/// <summary>Finds bytes that are not UTF-8, which a JSON parser lets pass inside strings.</summary>
internal static class Utf8Validity
{
    /// <summary>Bytes of the longest character: so near the end an invalid one may only be cut off.</summary>
    public const int LongestCharacter = 4;

    /// <summary>Finds the first.</summary>
    /// <returns>Its offset, or -1 when all is valid.</returns>
    public static int IndexOfInvalid(ReadOnlySpan<byte> utf8)
    {
        if (System.Text.Unicode.Utf8.IsValid(utf8))
        {
            return -1;
        }

        var at = 0;
        while (Rune.DecodeFromUtf8(utf8[at..], out _, out var length) == OperationStatus.Done)
        {
            at += length;
        }

        return at;
    }
}
