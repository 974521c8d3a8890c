namespace Mev.Sdk.Solana.Transactions;

/// <summary>Finds and checks the parts of a legacy or version-0 transaction.</summary>
internal static class WireParser
{
    /// <summary>Bit of a first byte that is a version, not a count.</summary>
    public const int VersionFlag = 0x80;

    public static bool TryParse(ReadOnlySpan<byte> wire, ref WireLayout layout, out DecodeFailure failure)
    {
        var cursor = new WireCursor(wire);
        layout.MessageEnd = wire.Length;
        if (TrySignatures(ref cursor, ref layout)
            && TryHeader(ref cursor, wire, ref layout)
            && TryInstructions(ref cursor, ref layout, out var highest)
            && TryLookups(ref cursor, ref layout)
            && TryEnd(ref cursor, wire, in layout, highest))
        {
            failure = default;
            return true;
        }

        failure = cursor.Failure;
        return false;
    }

    private static bool TrySignatures(ref WireCursor cursor, ref WireLayout layout)
    {
        if (!cursor.TryCount(out layout.Signatures))
        {
            return false;
        }

        layout.SignaturesStart = cursor.Position;
        if (!cursor.TrySkip(layout.Signatures * Signature.Size))
        {
            return false;
        }

        layout.MessageStart = cursor.Position;
        return true;
    }

    private static bool TryHeader(ref WireCursor cursor, ReadOnlySpan<byte> wire, ref WireLayout layout)
    {
        if (cursor.Remaining > 0 && wire[cursor.Position] >= VersionFlag)
        {
            var version = wire[cursor.Position] & ~VersionFlag;
            if (version != 0)
            {
                return cursor.Fail(DecodeError.UnsupportedVersion, version);
            }

            layout.Format = MessageFormat.V0;
            cursor.TryByte(out _);
        }

        var header = cursor.Position;
        if (!cursor.TryByte(out layout.Required) || !cursor.TryByte(out layout.ReadonlySigned) || !cursor.TryByte(out layout.ReadonlyUnsigned)
            || !cursor.TryCount(out layout.KeyCount))
        {
            return false;
        }

        layout.KeysStart = cursor.Position;
        if (!cursor.TrySkip(layout.KeyCount * Pubkey.Size))
        {
            return false;
        }

        layout.BlockhashStart = cursor.Position;
        if (!cursor.TrySkip(Pubkey.Size))
        {
            return false;
        }

        if (layout.Required != layout.Signatures)
        {
            return cursor.FailAt(DecodeError.SignatureCountMismatch, header, layout.Required);
        }

        return layout.HeaderIsConsistent || cursor.FailAt(DecodeError.HeaderInconsistent, header);
    }

    private static bool TryInstructions(ref WireCursor cursor, ref WireLayout layout, out int highest)
    {
        highest = -1;
        if (!cursor.TryCount(out layout.Instructions))
        {
            return false;
        }

        layout.InstructionsStart = cursor.Position;
        for (var i = 0; i < layout.Instructions; i++)
        {
            if (!cursor.TryByte(out var program))
            {
                return false;
            }

            // Programs cannot come from a lookup table.
            if (program >= layout.KeyCount)
            {
                return cursor.FailAt(DecodeError.KeyIndexOutOfRange, cursor.Position - 1, program);
            }

            if (!cursor.TryCounted(out var accounts) || !cursor.TryCount(out var data) || !cursor.TrySkip(data))
            {
                return false;
            }

            highest = Math.Max(highest, KeyIndices.Highest(accounts));
        }

        return true;
    }

    private static bool TryLookups(ref WireCursor cursor, ref WireLayout layout)
    {
        layout.LookupsStart = cursor.Position;
        if (layout.Format == MessageFormat.Legacy)
        {
            return true;
        }

        if (!cursor.TryCount(out layout.Lookups))
        {
            return false;
        }

        layout.LookupsStart = cursor.Position;
        for (var i = 0; i < layout.Lookups; i++)
        {
            if (!cursor.TrySkip(Pubkey.Size) || !cursor.TryCounted(out var writable) || !cursor.TryCounted(out var readOnly))
            {
                return false;
            }

            layout.LoadedWritable += writable.Length;
            layout.LoadedReadonly += readOnly.Length;
        }

        return true;
    }

    private static bool TryEnd(ref WireCursor cursor, ReadOnlySpan<byte> wire, in WireLayout layout, int highest)
    {
        if (cursor.Remaining != 0)
        {
            return cursor.Fail(DecodeError.TrailingBytes, cursor.Remaining);
        }

        var keys = layout.KeyCount + layout.LoadedWritable + layout.LoadedReadonly;
        if (keys > WireTransaction.MaxKeys)
        {
            return cursor.FailAt(DecodeError.TooManyKeys, layout.KeysStart, keys);
        }

        // Only now is the number of loaded keys known, which instructions before the lookups may name.
        return highest < keys || KeyIndices.Fail(ref cursor, wire, in layout, keys);
    }
}
