namespace Mev.Sdk.Storage.Archive.Coding;

/// <summary>A growing run of bytes that parts are cut from by offset.</summary>
internal sealed class ByteArena
{
    private byte[] _bytes = new byte[4096];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public Span<byte> this[int start, int length] => _bytes.AsSpan(0, Length).Slice(start, length);

    public void Clear() => Length = 0;

    /// <summary>Adds room, whose contents are undefined.</summary>
    /// <returns>Where it starts.</returns>
    public int Reserve(int length)
    {
        var start = Length;
        if (_bytes.Length - start < length)
        {
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(2L * _bytes.Length, (long)start + length)));
        }

        Length = start + length;
        return start;
    }

    /// <summary>Adds bytes.</summary>
    /// <returns>Where they start.</returns>
    public int Add(ReadOnlySpan<byte> bytes)
    {
        var start = Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(start));
        return start;
    }

    /// <summary>Gives room back.</summary>
    public void Cut(int length) => Length = Math.Min(Length, length);

    public void Add(byte value)
    {
        // Two statements: making room may replace the array.
        var at = Reserve(1);
        _bytes[at] = value;
    }
}
