namespace Mev.Sdk.Storage.Archive.Columns;

/// <summary>What stood at one offset of data of one shape the last time.</summary>
internal struct BytePlace
{
    public const byte NoAccount = 255;

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
    public bool IsSet;

    public void Was(ByteKind kind)
    {
        Repeats = IsSet && Kind == kind ? (byte)Math.Min(Repeats + 1, 15) : (byte)0;
        (Kind, IsSet) = (kind, true);
    }
}
