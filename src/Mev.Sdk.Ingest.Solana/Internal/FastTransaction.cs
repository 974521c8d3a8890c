using System.Buffers;
using System.Buffers.Text;

namespace Mev.Sdk.Ingest.Solana.Internal;

/// <summary>Reads one element of a block's <c>transactions</c> in one pass over its tokens: wire bytes and status meta, no tree in between.</summary>
/// <remarks>
/// Knows encodings json and base64 as nodes write them. Whatever else comes, it answers false and the caller reads the same bytes again the thorough
/// way, which knows more renderings and says what is wrong. Not thread-safe; keeps its memory.
/// </remarks>
internal sealed class FastTransaction
{
    private readonly FastMessage _message;
    private readonly FastMeta _meta;
    private readonly ByteBuffer _wireBytes = new(2048);
    private readonly ByteBuffer _metaBytes = new(16_384);

    public FastTransaction()
    {
        var texts = new KeyTexts();
        _message = new FastMessage(texts);
        _meta = new FastMeta(texts);
    }

    /// <summary>The transaction's bytes; valid until the next read.</summary>
    public ReadOnlySpan<byte> Wire => _wireBytes.Written;

    /// <summary>Its status meta, or empty; valid until the next read.</summary>
    public ReadOnlySpan<byte> Meta => _metaBytes.Written;

    /// <summary>Reads an element; the scanner stands before its opening brace and ends behind its closing one, unless the answer is false.</summary>
    public bool TryRead(ref JsonScanner scanner)
    {
        _wireBytes.Clear();
        _metaBytes.Clear();
        bool? versioned = null;
        bool hasTransaction = false, isBinary = false;
        if (!scanner.TryOpen((byte)'{'))
        {
            return false;
        }

        while (scanner.NextMember(out var name))
        {
            if (name.SequenceEqual("transaction"u8))
            {
                if (hasTransaction)
                {
                    return false;
                }

                isBinary = scanner.TryOpen((byte)'[');
                hasTransaction = isBinary ? TryBinary(ref scanner) : _message.TryRead(ref scanner);
                if (!hasTransaction)
                {
                    return false;
                }
            }
            else if (name.SequenceEqual("meta"u8))
            {
                if (_metaBytes.Count > 0 || (!scanner.TryNull() && !TryMeta(ref scanner)))
                {
                    return false;
                }
            }
            else if (!name.SequenceEqual("version"u8) ? !scanner.TrySkip() : !TryVersion(ref scanner, ref versioned))
            {
                return false;
            }
        }

        return hasTransaction && scanner.Closed && (isBinary || _message.TryWrite(versioned, _wireBytes));
    }

    private static bool TryVersion(ref JsonScanner scanner, ref bool? versioned)
    {
        if (scanner.TryNull())
        {
            return true;
        }

        versioned = scanner.TryNumber(out var version);
        return versioned.Value ? version == 0 : scanner.TryExact("\"legacy\""u8);
    }

    private bool TryMeta(ref JsonScanner scanner)
    {
        if (!_meta.TryRead(ref scanner, _message))
        {
            return false;
        }

        _meta.Write(_metaBytes);
        return true;
    }

    // The bracket was taken.
    private bool TryBinary(ref JsonScanner scanner)
    {
        if (!scanner.NextItem() || !scanner.TryText(out var text))
        {
            return false;
        }

        if (Base64.DecodeFromUtf8(text, _wireBytes.GetSpan(Base64.GetMaxDecodedFromUtf8Length(text.Length)), out _, out var length) != OperationStatus.Done)
        {
            return false;
        }

        _wireBytes.Advance(length);
        return scanner.NextItem() && scanner.TryText(out var encoding) && encoding.SequenceEqual("base64"u8) && !scanner.NextItem() && scanner.Closed;
    }
}
