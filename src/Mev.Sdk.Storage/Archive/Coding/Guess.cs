namespace Mev.Sdk.Storage.Archive.Coding;

/// <summary>What followed the last time, and how often in a row it was right; 4 bytes, so that tables of it are small.</summary>
internal struct Guess
{
    public const int Nothing = -1;
    public const byte MostConfidence = 15;

    /// <summary>Greatest value that can be guessed; none is followed beyond it.</summary>
    public const int MostValue = (1 << 28) - 2;

    private uint _state; // one more than the value, so that a cleared table knows nothing, and the confidence in the low 4 bits

    public readonly int Value => (int)(_state >> 4) - 1;

    public readonly byte Confidence => (byte)(_state & 15);

    /// <summary>Takes over what came, at once.</summary>
    public void Follow(int value) => Set(value, value == Value ? Raise(Confidence) : (byte)(Confidence / 2));

    /// <summary>Takes over what came once trust in the old is used up.</summary>
    public void Learn(int value)
    {
        if (value == Value)
        {
            Set(value, Raise(Confidence));
            return;
        }

        var confidence = (byte)(Confidence / 2);
        Set(confidence == 0 ? value : Value, confidence);
    }

    public static byte Raise(byte confidence) => (byte)Math.Min(confidence + 1, MostConfidence);

    private void Set(int value, byte confidence) => _state = ((uint)(value > MostValue ? Nothing : value) + 1) << 4 | confidence;
}
