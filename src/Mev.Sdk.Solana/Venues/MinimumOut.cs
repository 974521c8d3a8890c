namespace Mev.Sdk.Solana.Venues;

/// <summary>Where a swap's arguments say the least that the trader accepts: offsets of a u64 in bytes behind the discriminator, -1 = not stated.</summary>
/// <param name="ExactInput">Where it stands when the input is exact: the minimum.</param>
/// <param name="ExactOutput">Where it stands when the output is exact: the output itself.</param>
/// <param name="Flag">Offset of the byte that tells the two apart; -1 = the input is always exact.</param>
/// <param name="OutputFlag">Value of that byte when the output is exact.</param>
internal readonly record struct MinimumOut(int ExactInput, int ExactOutput = -1, int Flag = -1, byte OutputFlag = 0)
{
    /// <summary>Not stated, or not in a form that was published.</summary>
    public static MinimumOut NotStated { get; } = new(-1);

    /// <summary>The second of two u64: the minimum of an exact input, or the exact output itself.</summary>
    public static MinimumOut Second { get; } = new(8);

    /// <summary>The first of two u64: an exact output before a maximum input.</summary>
    public static MinimumOut First { get; } = new(0);

    /// <summary>Two u64, a u128 price limit, then whether the first of them is the input.</summary>
    public static MinimumOut WithPriceLimit { get; } = new(8, 0, 32);

    /// <summary>Reads it.</summary>
    /// <returns>Base units; 0 = not stated, or the data ends before it.</returns>
    public ulong Read(ReadOnlySpan<byte> arguments)
    {
        var exactOutput = Flag >= 0 && (Flag >= arguments.Length || arguments[Flag] == OutputFlag);
        var at = exactOutput ? ExactOutput : ExactInput;
        return at < 0 ? 0 : Anchor.U64(arguments, at);
    }
}
