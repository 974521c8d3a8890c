using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Mev.Sdk.Solana.Transactions;

/// <summary>Checks that instructions name keys that exist.</summary>
internal static class KeyIndices
{
    /// <summary>The highest index; -1 of none.</summary>
    public static int Highest(ReadOnlySpan<byte> indices)
    {
        var highest = -1;
        if (indices.Length >= Vector128<byte>.Count)
        {
            // The last vector overlaps the one before it, so that no index is looked at alone.
            ref var first = ref MemoryMarshal.GetReference(indices);
            var most = Vector128.LoadUnsafe(ref first, (nuint)(indices.Length - Vector128<byte>.Count));
            for (var i = 0; i < indices.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
            {
                most = Vector128.Max(most, Vector128.LoadUnsafe(ref first, (nuint)i));
            }

            for (var i = 0; i < Vector128<byte>.Count; i++)
            {
                highest = Math.Max(highest, most[i]);
            }

            return highest;
        }

        foreach (var index in indices)
        {
            highest = Math.Max(highest, index);
        }

        return highest;
    }

    /// <summary>Reports the first index that names no key.</summary>
    /// <returns>False.</returns>
    public static bool Fail(ref WireCursor cursor, ReadOnlySpan<byte> wire, in WireLayout layout, int keys)
    {
        foreach (var instruction in new WireInstructions(wire, layout.InstructionsStart, layout.Instructions, layout.Format == MessageFormat.V1))
        {
            var outside = instruction.Accounts.IndexOfAnyInRange((byte)keys, byte.MaxValue);
            if (outside >= 0)
            {
                wire.Overlaps(instruction.Accounts, out var offset);
                return cursor.FailAt(DecodeError.KeyIndexOutOfRange, offset + outside, instruction.Accounts[outside]);
            }
        }

        return cursor.FailAt(DecodeError.KeyIndexOutOfRange, layout.InstructionsStart, keys);
    }
}
