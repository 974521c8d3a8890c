using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Mev.Sdk.Solana.Transactions;

/// <summary>Walks a transaction's bytes; every step is checked, the first that fails is remembered.</summary>
internal ref struct WireCursor(ReadOnlySpan<byte> wire, int position = 0)
{
    private readonly ReadOnlySpan<byte> _wire = wire;

    public int Position { get; private set; } = position;

    public DecodeFailure Failure { get; private set; }

    public readonly int Remaining => _wire.Length - Position;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTake(int length, out ReadOnlySpan<byte> bytes)
    {
        if ((uint)length > (uint)Remaining)
        {
            bytes = default;
            return Fail(DecodeError.Truncated);
        }

        bytes = _wire.Slice(Position, length);
        Position += length;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TrySkip(int length)
    {
        if ((uint)length > (uint)Remaining)
        {
            return Fail(DecodeError.Truncated);
        }

        Position += length;
        return true;
    }

    /// <summary>A number at a place that the cursor has passed.</summary>
    public readonly uint UInt32At(int position) => BinaryPrimitives.ReadUInt32LittleEndian(_wire.Slice(position, sizeof(uint)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryByte(out byte value)
    {
        if (Position >= _wire.Length)
        {
            value = 0;
            return Fail(DecodeError.Truncated);
        }

        value = _wire[Position++];
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryCount(out int value)
    {
        // Nearly every count is one byte.
        if (Position < _wire.Length && _wire[Position] < 0x80)
        {
            value = _wire[Position++];
            return true;
        }

        return TryLongCount(out value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryCounted(out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        return TryCount(out var length) && TryTake(length, out bytes);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool Fail(DecodeError error, int detail = 0) => FailAt(error, Position, detail);

    public bool FailAt(DecodeError error, int position, int detail = 0)
    {
        Failure = new DecodeFailure(error, position, detail);
        return false;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryLongCount(out int value)
    {
        var error = CompactU16.Read(_wire[Position..], out value, out var length);
        Position += length;
        return error == DecodeError.None || FailAt(error, Position - length);
    }
}
