using Mev.Sdk.Storage.Archive.Coding;

namespace Mev.Sdk.Storage.Archive.Columns;

/// <summary>Letters of texts that were not seen before: the letter that followed the last five, or the last three, or any after the last two.</summary>
/// <remarks>Starts from <see cref="LogPrimer"/>, so that the first texts of a block are not the first ever.</remarks>
internal sealed class LetterModel(SymbolCoder coder)
{
    private const int Bits = 13;
    private const ulong FiveLetters = (1UL << 40) - 1;
    private const ulong ThreeLetters = (1UL << 24) - 1;

    private static readonly Follower[] Primed = Prime();

    private readonly Follower[] _followers = new Follower[1 << Bits];

    public void Clear() => Primed.CopyTo(_followers, 0);

    public void Copy(StateCopy copy) => copy.Table(_followers.AsSpan());

    /// <summary>Codes a text of known length.</summary>
    public void Code(Span<byte> letters)
    {
        ulong tail = (byte)'\n';
        foreach (ref var letter in letters)
        {
            letter = Code(tail, letter);
            tail = (tail << 8) | letter;
        }
    }

    private byte Code(ulong tail, byte letter)
    {
        ref var five = ref At(_followers, tail & FiveLetters);
        ref var three = ref At(_followers, tail & ThreeLetters);
        var isFive = five.IsOf(tail & FiveLetters);
        var isThree = three.IsOf(tail & ThreeLetters) && !(isFive && three.Next == five.Next);
        if (isFive && coder.Flag(FlagFamily.Letter, five.Confidence + (isThree ? 16u : 0), letter == five.Next))
        {
            letter = five.Next;
        }
        else if (isThree && coder.Flag(FlagFamily.Letter, 32u + three.Confidence + (isFive ? 16u : 0), letter == three.Next))
        {
            letter = three.Next;
        }
        else
        {
            letter = coder.Byte(Context.Of(195, (uint)(tail & 0xFFFF)), letter);
        }

        five.Follow(tail & FiveLetters, letter);
        three.Follow(tail & ThreeLetters, letter);
        return letter;
    }

    private static ref Follower At(Follower[] followers, ulong tail) => ref followers[(tail * 0x9E3779B97F4A7C15UL) >> (64 - Bits)];

    private static Follower[] Prime()
    {
        var followers = new Follower[1 << Bits];
        ulong tail = (byte)'\n';
        foreach (var written in LogPrimer.Text)
        {
            if (written == '\r')
            {
                continue; // of the source's line ends, on some machines
            }

            var letter = written switch { (byte)'#' => LineSplitter.Number, (byte)'&' => LineSplitter.Base64, (byte)'@' => LineSplitter.Key, _ => written };
            At(followers, tail & FiveLetters).Follow(tail & FiveLetters, letter);
            At(followers, tail & ThreeLetters).Follow(tail & ThreeLetters, letter);
            tail = letter == '\n' ? letter : (tail << 8) | letter;
        }

        return followers;
    }
}
