using System.Buffers.Binary;

namespace Mev.Sdk.Solana.Internal;

/// <summary>Instructions of the compute-budget program.</summary>
/// <remarks>Source: <c>ComputeBudgetInstruction</c> of the Solana SDK, borsh: u8 variant, then fields.</remarks>
internal static class ComputeBudget
{
    public const byte RequestUnitsDeprecated = 0;
    public const byte SetLimit = 2;
    public const byte SetPrice = 3;

    public static void Apply(ReadOnlySpan<byte> data, ref uint limit, ref ulong price)
    {
        if (data.Length >= 1 + sizeof(uint) && data[0] is SetLimit or RequestUnitsDeprecated)
        {
            limit = BinaryPrimitives.ReadUInt32LittleEndian(data[1..]);
        }
        else if (data.Length >= 1 + sizeof(ulong) && data[0] == SetPrice)
        {
            price = BinaryPrimitives.ReadUInt64LittleEndian(data[1..]);
        }
    }
}
