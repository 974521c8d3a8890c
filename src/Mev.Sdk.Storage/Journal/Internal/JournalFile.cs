namespace Mev.Sdk.Storage.Journal;

/// <summary>A file of the journal, read and written by offset.</summary>
internal abstract class JournalFile(string path) : IDisposable
{
    public string Path { get; } = path;

    public abstract long Length { get; }

    /// <returns>Bytes read; 0 = the file ends there.</returns>
    public abstract int Read(Span<byte> destination, long offset);

    public abstract void Write(ReadOnlySpan<byte> bytes, long offset);

    public abstract void SetLength(long length);

    /// <summary>Makes everything written so far durable.</summary>
    public abstract void Flush();

    public abstract void Dispose();
}
