namespace Mev.Sdk.Storage.Tests.Blobs;

/// <summary>Zeros, with something that happens on the way.</summary>
internal sealed class BreakingStream(int length, int breaksAt, Action happens) : ReadOnlyStream
{
    private int _at;

    public BreakingStream(int length, int breaksAt, Exception thrown)
        : this(length, breaksAt, () => throw thrown)
    {
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_at >= breaksAt)
        {
            happens();
        }

        var count = Math.Min(Math.Min(buffer.Length, 65_536), length - _at);
        buffer.Span[..count].Clear();
        _at += count;
        return new ValueTask<int>(count);
    }
}
