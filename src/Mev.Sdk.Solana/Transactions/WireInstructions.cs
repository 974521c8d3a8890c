using System.Buffers.Binary;

namespace Mev.Sdk.Solana.Transactions;

/// <summary>The outer instructions of a parsed transaction, for <c>foreach</c>.</summary>
/// <remarks>Borrows the transaction's bytes. Their structure was checked when the transaction was parsed.</remarks>
public ref struct WireInstructions
{
    private WireCursor _cursor;
    private readonly ReadOnlySpan<byte> _headers; // version 1 only
    private readonly int _count;
    private int _next;

    internal WireInstructions(ReadOnlySpan<byte> wire, int start, int count, bool isV1)
    {
        _headers = isV1 ? wire.Slice(start, count * WireParserV1.InstructionHeaderBytes) : default;
        _cursor = new WireCursor(wire, start + _headers.Length);
        _count = count;
    }

    /// <summary>The instruction that the enumerator stands on.</summary>
    public WireInstruction Current { readonly get; private set; }

    /// <summary>The enumerator itself.</summary>
    /// <returns>A copy at the same place.</returns>
    public readonly WireInstructions GetEnumerator() => this;

    /// <summary>Steps to the next instruction.</summary>
    /// <returns>False behind the last.</returns>
    public bool MoveNext()
    {
        if (_next == _count)
        {
            return false;
        }

        var index = _next++;
        if (!_headers.IsEmpty)
        {
            return MoveNextV1(_headers.Slice(index * WireParserV1.InstructionHeaderBytes, WireParserV1.InstructionHeaderBytes));
        }

        if (!_cursor.TryByte(out var program) || !_cursor.TryCounted(out var accounts) || !_cursor.TryCounted(out var data))
        {
            return false;
        }

        Current = new WireInstruction(program, accounts, data);
        return true;
    }

    private bool MoveNextV1(ReadOnlySpan<byte> header)
    {
        if (!_cursor.TryTake(header[1], out var accounts) || !_cursor.TryTake(BinaryPrimitives.ReadUInt16LittleEndian(header[2..]), out var data))
        {
            return false;
        }

        Current = new WireInstruction(header[0], accounts, data);
        return true;
    }
}
