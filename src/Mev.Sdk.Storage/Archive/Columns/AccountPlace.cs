namespace Mev.Sdk.Storage.Archive.Columns;

/// <summary>Which account stood at one place of an instruction's list the last time, said in four ways, and how far each way is to be trusted.</summary>
internal struct AccountPlace
{
    public const byte NoAccount = 255;

    public uint Name;
    public int Key;
    public byte Position;
    public byte Class;

    /// <summary>Which account of the caller it was.</summary>
    public byte OfCaller;
    public byte TrustInCaller;
    public byte TrustInKey;
    public byte TrustInPosition;
    public byte TrustInUnused;
    public byte TrustInNext;
    public bool IsSet;
}
