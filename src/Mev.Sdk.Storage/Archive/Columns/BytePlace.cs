namespace Mev.Sdk.Storage.Archive.Columns;

/// <summary>What stood at one offset of data of one shape the last time.</summary>
internal struct BytePlace
{
    public const byte NoAccount = 255;

    /// <summary>So many changes that had nothing in common make a byte that no model tells.</summary>
    public const byte AtRandom = 3;
    private const int MostSames = 31;

    public uint Name;

    /// <summary>Reference: what it counted from, and how far.</summary>
    public int Offset;
    public int Key;
    public ByteKind Kind;
    public byte Section;
    public byte Last;

    /// <summary>Key: which account of the caller, and which key of the transaction it was.</summary>
    public byte Account;
    public byte Position;
    public byte Repeats;

    /// <summary>Whether the byte was the same, the last four times, behind a leading one; 0 = there was no byte yet.</summary>
    public byte Sames;

    /// <summary>Changes in a row of which the high half was another.</summary>
    public byte Changes;

    /// <summary>Whether anything stood here.</summary>
    public bool IsSet;

    /// <summary>Whether the byte was the same at least the last two times.</summary>
    public readonly bool IsStable => Sames > 4 && (Sames & 3) == 3;

    public void Was(ByteKind kind)
    {
        Repeats = IsSet && Kind == kind ? (byte)Math.Min(Repeats + 1, 15) : (byte)0;
        (Kind, IsSet) = (kind, true);
    }

    /// <summary>Takes over a byte.</summary>
    public void Follow(byte literal)
    {
        if (Sames == 0)
        {
            Sames = 1;
        }
        else
        {
            var sames = (Sames * 2) + (literal == Last ? 1 : 0);
            Sames = (byte)(sames > MostSames ? (sames & (MostSames / 2)) | ((MostSames + 1) / 2) : sames);
            Changes = literal == Last ? Changes : ((literal ^ Last) & 0xF0) == 0 ? (byte)0 : (byte)Math.Min(Changes + 1, byte.MaxValue);
        }

        Last = literal;
        Was(ByteKind.Literal);
    }
}
