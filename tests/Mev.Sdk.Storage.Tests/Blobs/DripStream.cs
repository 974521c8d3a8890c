namespace Mev.Sdk.Storage.Tests.Blobs;

/// <summary>A stream as a network gives it: it does not seek, has no length, and gives less than was asked for.</summary>
internal sealed class DripStream(byte[] bytes) : ReadOnlyStream
{
    private int _at;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = Math.Min(Math.Min(buffer.Length, 100_003), bytes.Length - _at);
        bytes.AsSpan(_at, count).CopyTo(buffer.Span);
        _at += count;
        return new ValueTask<int>(count);
    }
}
