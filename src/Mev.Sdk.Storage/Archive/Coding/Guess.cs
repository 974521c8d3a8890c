namespace Mev.Sdk.Storage.Archive.Coding;

/// <summary>What followed the last time, and how often in a row it was right.</summary>
internal struct Guess
{
    public const int Nothing = -1;
    public const byte MostConfidence = 15;

    private int _value; // one more than the value, so that a cleared table knows nothing

    public int Value
    {
        readonly get => _value - 1;
        private set => _value = value + 1;
    }

    public byte Confidence { get; private set; }

    /// <summary>Takes over what came, at once.</summary>
    public void Follow(int value)
    {
        Confidence = value == Value ? Raise(Confidence) : (byte)(Confidence / 2);
        Value = value;
    }

    /// <summary>Takes over what came once trust in the old is used up.</summary>
    public void Learn(int value)
    {
        if (value == Value)
        {
            Confidence = Raise(Confidence);
            return;
        }

        Confidence /= 2;
        if (Confidence == 0)
        {
            Value = value;
        }
    }

    public static byte Raise(byte confidence) => (byte)Math.Min(confidence + 1, MostConfidence);
}
