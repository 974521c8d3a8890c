namespace Mev.Sdk.Ingest.Solana.Internal;

/// <summary>Reads instructions of encoding json straight from their tokens. Answers false for whatever it does not know; others then look again.</summary>
internal static class FastInstructions
{
    /// <summary>Longest data that is decoded here, characters: see <see cref="JsonNode.MaxBase58Characters"/>.</summary>
    private const int MaxData = JsonNode.MaxBase58Characters;

    /// <summary>Reads one instruction; the scanner stands before its opening brace and ends behind its closing one.</summary>
    public static bool TryRead(ref JsonScanner scanner, ByteBuffer accounts, ByteBuffer data, out byte program, out uint stackHeight)
    {
        accounts.Clear();
        data.Clear();
        program = 0;
        stackHeight = 0;
        var seen = 0;
        if (!scanner.TryOpen((byte)'{'))
        {
            return false;
        }

        while (scanner.NextMember(out var name))
        {
            if (name.SequenceEqual("accounts"u8))
            {
                if (!scanner.TryBytes(accounts))
                {
                    return false;
                }

                seen |= 1;
            }
            else if (name.SequenceEqual("data"u8))
            {
                if (!scanner.TryText(out var text) || !TryBase58(text, data))
                {
                    return false;
                }

                seen |= 2;
            }
            else if (name.SequenceEqual("programIdIndex"u8))
            {
                if (!scanner.TryByte(out program))
                {
                    return false;
                }

                seen |= 4;
            }
            else if (name.SequenceEqual("stackHeight"u8))
            {
                if (!scanner.TryNull())
                {
                    if (!scanner.TryNumber(out var height) || height > uint.MaxValue)
                    {
                        return false;
                    }

                    stackHeight = (uint)height;
                }
            }
            else if (name.SequenceEqual("parsed"u8) || name.SequenceEqual("programId"u8) || !scanner.TrySkip())
            {
                return false;
            }
        }

        return seen == 7 && scanner.Closed;
    }

    private static bool TryBase58(ReadOnlySpan<byte> text, ByteBuffer data)
    {
        var length = 0;
        if (text.Length <= ShortBase58.MaxCharacters
            ? !ShortBase58.TryDecode(text, data.GetSpan(text.Length), out length)
            : text.Length > MaxData || !Base58.TryDecode(text, data.GetSpan(text.Length), out length))
        {
            return false;
        }

        data.Advance(length);
        return true;
    }
}
