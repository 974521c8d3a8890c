using Microsoft.Win32.SafeHandles;

namespace Mev.Sdk.Storage.Journal;

/// <summary>A file the journal writes; tests replace it by one that fails.</summary>
internal class SegmentFile : IDisposable
{
    private readonly SafeFileHandle _handle;

    public SegmentFile(string path, FileMode mode)
    {
        Path = path;
        _handle = File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
    }

    public string Path { get; }

    public virtual void Write(ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(_handle, bytes, offset);

    public virtual void Flush() => RandomAccess.FlushToDisk(_handle);

    public void Dispose()
    {
        _handle.Dispose();
        GC.SuppressFinalize(this);
    }
}
