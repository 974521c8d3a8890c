namespace Mev.Sdk.Storage.Archive.Coding;

/// <summary>Guesses by context; contexts that collide share one, which costs bits only.</summary>
internal sealed class GuessTable
{
    private const int Bits = 14;

    private readonly Guess[] _guesses = new Guess[1 << Bits];

    public ref Guess this[uint context] => ref _guesses[context >> (32 - Bits)];

    public void Clear() => Array.Clear(_guesses);
}
