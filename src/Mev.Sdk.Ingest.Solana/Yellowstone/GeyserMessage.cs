using System.Buffers;

namespace Mev.Sdk.Ingest.Solana.Yellowstone;

/// <summary>One message's bytes in rented memory; whoever took it from the stream disposes it.</summary>
internal sealed class GeyserMessage : IDisposable
{
    private byte[] _array;
    private readonly int _length;

    private GeyserMessage(byte[] array, int length)
    {
        _array = array;
        _length = length;
    }

    public ReadOnlySpan<byte> Span => _array.AsSpan(0, _length);

    /// <summary>Copies a payload: gRPC lends its memory only while it is being read.</summary>
    public static GeyserMessage Copy(in ReadOnlySequence<byte> payload)
    {
        var length = checked((int)payload.Length);
        var array = ArrayPool<byte>.Shared.Rent(Math.Max(1, length));
        payload.CopyTo(array);
        return new GeyserMessage(array, length);
    }

    public void Dispose()
    {
        var array = _array;
        _array = [];
        if (array.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(array);
        }
    }
}
