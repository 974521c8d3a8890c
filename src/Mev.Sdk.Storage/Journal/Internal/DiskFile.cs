using System.Diagnostics.CodeAnalysis;
using Mev.Sdk.Storage.Internal;
using Microsoft.Win32.SafeHandles;

namespace Mev.Sdk.Storage.Journal;

/// <summary>A file of the operating system.</summary>
internal class DiskFile : JournalFile
{
    private readonly FileStream _file;
    private readonly SafeFileHandle _handle;

    public DiskFile(string path, FileMode mode, FileAccess access)
        : base(path)
    {
        _file = PrivateFiles.Open(path, mode, access, FileShare.ReadWrite | FileShare.Delete);
        _handle = _file.SafeFileHandle;
    }

    public override long Length => RandomAccess.GetLength(_handle);

    public override int Read(Span<byte> destination, long offset) => RandomAccess.Read(_handle, destination, offset);

    public override void Write(ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(_handle, bytes, offset);

    public override void SetLength(long length) => RandomAccess.SetLength(_handle, length);

    public override void Flush() => RandomAccess.FlushToDisk(_handle);

    [SuppressMessage("Usage", "CA1816", Justification = "No finalizer here: the handle has its own.")]
    public override void Dispose() => _file.Dispose();
}
