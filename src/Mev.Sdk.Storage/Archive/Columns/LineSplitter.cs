using System.Buffers.Text;
using Mev.Sdk.Storage.Archive.Coding;

namespace Mev.Sdk.Storage.Archive.Columns;

/// <summary>Takes a line apart into a template and what fills it: numbers, known keys, base64. Only encoders do this, so no rule here is part of the format.</summary>
internal sealed class LineSplitter(KeyTable keys)
{
    /// <summary>In a template, the next byte is itself.</summary>
    public const byte Escape = 0;
    public const byte Number = 1;
    public const byte Base64 = 2;
    public const byte Key = 3;

    private const int MostDigits = 19; // always fits 64 bits
    private const int ShortestBase64 = 12;
    private const int ShortestKey = 32;

    public readonly ByteArena Template = new();
    public readonly ByteArena Bytes = new();
    public readonly Rows<LinePart> Parts = new();
    private byte[] _again = new byte[1024];

    public void Split(ReadOnlySpan<byte> line)
    {
        Template.Clear();
        Bytes.Clear();
        Parts.Clear();
        for (var at = 0; at < line.Length;)
        {
            var isWordStart = IsWord(line[at]) && (at == 0 || !(IsWord(line[at - 1]) || IsInWord(line[at - 1])));
            var taken = isWordStart ? Take(line[at..]) : 0;
            if (taken == 0)
            {
                if (line[at] <= Key)
                {
                    Template.Add(Escape);
                }

                Template.Add(line[at++]);
            }

            at += taken;
        }
    }

    private int Take(ReadOnlySpan<byte> rest)
    {
        var word = 0;
        var digits = 0;
        while (word < rest.Length && IsWord(rest[word]))
        {
            digits += digits == word && rest[word] is >= (byte)'0' and <= (byte)'9' ? 1 : 0;
            word++;
        }

        var padded = word;
        while (padded < rest.Length && padded < word + 2 && rest[padded] == '=')
        {
            padded++;
        }

        if (digits < word && (TryKey(rest[..word]) || TryBase64(rest[..padded], out padded)))
        {
            return Template.Written[^1] == Key ? word : padded;
        }

        if (digits is > 0 and <= MostDigits && (digits == 1 || rest[0] != '0') && Utf8Parser.TryParse(rest[..digits], out ulong number, out _))
        {
            Template.Add(Number);
            Parts.Add(new LinePart { Number = number });
            return digits;
        }

        return 0;
    }

    private bool TryKey(ReadOnlySpan<byte> word)
    {
        Span<byte> text = stackalloc byte[Pubkey.MaxTextLength];
        if (word.Length is < ShortestKey or > Pubkey.MaxTextLength || !Pubkey.TryParse(word, out var key))
        {
            return false;
        }

        var id = keys.Find(in key);
        if (id < 0 || !text[..Mev.Sdk.Base58.Encode32(Pubkey.AsSpan(in key), text)].SequenceEqual(word))
        {
            return false;
        }

        Template.Add(Key);
        Parts.Add(new LinePart { Key = id });
        return true;
    }

    private bool TryBase64(ReadOnlySpan<byte> text, out int length)
    {
        length = text.Length;
        if (text.Length < ShortestBase64 || text.Length % 4 != 0 || !LooksEncoded(text))
        {
            return false;
        }

        var start = Bytes.Reserve(text.Length / 4 * 3);
        var room = Bytes[start, text.Length / 4 * 3];
        if (_again.Length < text.Length)
        {
            _again = new byte[text.Length];
        }

        // Only what encodes to the same text again: the padding bits may hold anything.
        if (System.Buffers.Text.Base64.DecodeFromUtf8(text, room, out _, out var written) != System.Buffers.OperationStatus.Done
            || System.Buffers.Text.Base64.EncodeToUtf8(room[..written], _again, out _, out var again) != System.Buffers.OperationStatus.Done
            || !_again.AsSpan(0, again).SequenceEqual(text))
        {
            Bytes.Cut(start);
            return false;
        }

        Template.Add(Base64);
        Parts.Add(new LinePart { At = start, Length = written });
        return true;
    }

    // A word of plain text of 12 letters is no base64 worth decoding.
    private static bool LooksEncoded(ReadOnlySpan<byte> text)
    {
        var (upper, lower, other) = (false, false, false);
        foreach (var letter in text)
        {
            upper |= letter is >= (byte)'A' and <= (byte)'Z';
            lower |= letter is >= (byte)'a' and <= (byte)'z';
            other |= letter is >= (byte)'0' and <= (byte)'9' or (byte)'+' or (byte)'/' or (byte)'=';
        }

        return upper && lower && other;
    }

    private static bool IsWord(byte letter) =>
        letter is >= (byte)'0' and <= (byte)'9' or >= (byte)'a' and <= (byte)'z' or >= (byte)'A' and <= (byte)'Z' or (byte)'+' or (byte)'/';

    private static bool IsInWord(byte letter) => letter is >= (byte)'0' and <= (byte)'9' or >= (byte)'a' and <= (byte)'z' or >= (byte)'A' and <= (byte)'Z' or (byte)'_';
}
