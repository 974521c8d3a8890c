namespace Mev.Sdk.Storage.Archive.Coding;

/// <summary>Guesses by context; contexts that collide share one, which costs bits only.</summary>
/// <param name="bits">Number of guesses is two to this; part of the format.</param>
internal sealed class GuessTable(int bits = GuessTable.UsualBits)
{
    private const int UsualBits = 14;

    private readonly Guess[] _guesses = new Guess[1 << bits];

    public ref Guess this[uint context] => ref _guesses[context >> (32 - bits)];

    public void Clear() => Array.Clear(_guesses);

    public void Copy(StateCopy copy) => copy.Table(_guesses.AsSpan());
}
