using System.Buffers;

namespace Mev.Sdk.Storage.ClickHouse.Internal;

/// <summary>What a query answered, in pooled memory that goes back with <see cref="Dispose"/>.</summary>
internal sealed class Answer(byte[] bytes, int length) : IDisposable
{
    private byte[]? _bytes = bytes;

    public int Length => length;

    /// <summary>Valid until this is disposed of.</summary>
    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, length);

    /// <summary>The same as <see cref="Span"/>.</summary>
    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, length);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _bytes, null) is { } taken)
        {
            ArrayPool<byte>.Shared.Return(taken);
        }
    }
}
