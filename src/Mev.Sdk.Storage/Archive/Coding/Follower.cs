namespace Mev.Sdk.Storage.Archive.Coding;

/// <summary>The byte that followed others the last time; 4 bytes.</summary>
internal struct Follower
{
    private ushort _check;

    public byte Next { get; private set; }

    /// <summary>How often in a row it did, 0 = nothing is known.</summary>
    public byte Confidence { get; private set; }

    /// <summary>Whether this is of the bytes before, and not of others that share its place.</summary>
    public readonly bool IsOf(ulong tail) => Confidence > 0 && _check == CheckOf(tail);

    /// <summary>Takes over what came.</summary>
    public void Follow(ulong tail, byte next)
    {
        var check = CheckOf(tail);
        if (_check == check && Next == next && Confidence > 0)
        {
            Confidence = Guess.Raise(Confidence);
        }
        else if (_check == check && Confidence > 1)
        {
            Confidence /= 2;
        }
        else
        {
            (_check, Next, Confidence) = (check, next, 1);
        }
    }

    private static ushort CheckOf(ulong tail) => (ushort)((tail * 0xD6E8FEB86659FD93UL) >> 48);
}
