using System.Buffers.Binary;

namespace Mev.Sdk.Solana.Transactions;

/// <summary>Finds and checks the parts of a version-1 transaction.</summary>
/// <remarks>
/// Source: SIMD-0385 and <c>v1/serialization.rs</c> of the Solana SDK: version u8, header 3 u8, configuration mask u32, lifetime 32 B, instructions u8, keys u8, the
/// keys, 4 B for each set bit of the mask, a header (program u8, accounts u8, data u16) for each instruction, then each instruction's accounts and data, and behind
/// the message one signature for each that the header requires.
/// </remarks>
internal static class WireParserV1
{
    public const byte VersionByte = WireParser.VersionFlag | 1;
    public const int MaxSignatures = 12;
    public const int MaxKeys = 64;
    public const int MaxInstructions = 64;
    public const int MaxBytes = 4096;
    public const int InstructionHeaderBytes = 4;

    public static bool TryParse(ReadOnlySpan<byte> wire, ref WireLayout layout, out DecodeFailure failure)
    {
        var cursor = new WireCursor(wire);
        layout.Format = MessageFormat.V1;
        if (TryHeader(ref cursor, wire, ref layout)
            && TryConfig(ref cursor, ref layout)
            && TryInstructions(ref cursor, wire, ref layout)
            && TrySignatures(ref cursor, ref layout))
        {
            failure = default;
            return true;
        }

        failure = cursor.Failure;
        return false;
    }

    private static bool TryHeader(ref WireCursor cursor, ReadOnlySpan<byte> wire, ref WireLayout layout)
    {
        if (wire[0] != VersionByte)
        {
            return cursor.Fail(DecodeError.UnsupportedVersion, wire[0] & ~WireParser.VersionFlag);
        }

        if (wire.Length > MaxBytes)
        {
            return cursor.Fail(DecodeError.LimitExceeded, wire.Length);
        }

        if (!cursor.TrySkip(1) || !cursor.TryByte(out layout.Required) || !cursor.TryByte(out layout.ReadonlySigned) || !cursor.TryByte(out layout.ReadonlyUnsigned)
            || !cursor.TrySkip(sizeof(uint)))
        {
            return false;
        }

        layout.BlockhashStart = cursor.Position;
        if (!cursor.TrySkip(Pubkey.Size) || !cursor.TryByte(out var instructions) || !cursor.TryByte(out var keys))
        {
            return false;
        }

        (layout.Instructions, layout.KeyCount, layout.Signatures) = (instructions, keys, layout.Required);
        layout.KeysStart = cursor.Position;
        if (instructions > MaxInstructions || keys > MaxKeys || layout.Required > MaxSignatures)
        {
            return cursor.FailAt(DecodeError.LimitExceeded, 1, instructions > MaxInstructions ? instructions : keys > MaxKeys ? keys : layout.Required);
        }

        return (layout.HeaderIsConsistent || cursor.FailAt(DecodeError.HeaderInconsistent, 1)) && cursor.TrySkip(keys * Pubkey.Size);
    }

    private static bool TryConfig(ref WireCursor cursor, ref WireLayout layout)
    {
        const int MaskAt = 4;
        var mask = cursor.UInt32At(MaskAt);
        if ((mask & ~TransactionConfig.KnownBits) != 0 || (mask & TransactionConfig.PriorityFeeBits) is not (0 or TransactionConfig.PriorityFeeBits))
        {
            return cursor.FailAt(DecodeError.UnsupportedConfig, MaskAt, (int)mask);
        }

        ulong? fee = null;
        if ((mask & TransactionConfig.PriorityFeeBits) != 0)
        {
            if (!cursor.TryTake(sizeof(ulong), out var bytes))
            {
                return false;
            }

            fee = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        }

        if (!TryValue(ref cursor, mask & TransactionConfig.ComputeUnitLimitBit, out var units)
            || !TryValue(ref cursor, mask & TransactionConfig.LoadedDataSizeBit, out var loaded)
            || !TryValue(ref cursor, mask & TransactionConfig.HeapSizeBit, out var heap))
        {
            return false;
        }

        layout.Config = new TransactionConfig(fee, units, loaded, heap);
        return true;
    }

    private static bool TryValue(ref WireCursor cursor, uint bit, out uint? value)
    {
        value = null;
        if (bit == 0)
        {
            return true;
        }

        if (!cursor.TryTake(sizeof(uint), out var bytes))
        {
            return false;
        }

        value = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        return true;
    }

    private static bool TryInstructions(ref WireCursor cursor, ReadOnlySpan<byte> wire, ref WireLayout layout)
    {
        layout.InstructionsStart = cursor.Position;
        if (!cursor.TryTake(layout.Instructions * InstructionHeaderBytes, out var headers))
        {
            return false;
        }

        var highest = -1;
        for (var i = 0; i < layout.Instructions; i++)
        {
            var header = headers.Slice(i * InstructionHeaderBytes, InstructionHeaderBytes);
            if (header[0] == 0 || header[0] >= layout.KeyCount)
            {
                // Key 0 pays and cannot be a program.
                return cursor.FailAt(DecodeError.KeyIndexOutOfRange, layout.InstructionsStart + (i * InstructionHeaderBytes), header[0]);
            }

            if (!cursor.TryTake(header[1], out var accounts) || !cursor.TrySkip(BinaryPrimitives.ReadUInt16LittleEndian(header[2..])))
            {
                return false;
            }

            highest = Math.Max(highest, KeyIndices.Highest(accounts));
        }

        return highest < layout.KeyCount || KeyIndices.Fail(ref cursor, wire, in layout, layout.KeyCount);
    }

    private static bool TrySignatures(ref WireCursor cursor, ref WireLayout layout)
    {
        layout.MessageEnd = layout.LookupsStart = layout.SignaturesStart = cursor.Position;
        if (!cursor.TrySkip(layout.Signatures * Signature.Size))
        {
            return false;
        }

        return cursor.Remaining == 0 || cursor.Fail(DecodeError.TrailingBytes, cursor.Remaining);
    }
}
