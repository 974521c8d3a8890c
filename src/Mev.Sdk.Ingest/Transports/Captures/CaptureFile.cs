using System.Runtime.InteropServices;
using Mev.Sdk.Wire;
using Microsoft.Win32.SafeHandles;

namespace Mev.Sdk.Ingest.Transports.Captures;

/// <summary>Looks at the frame headers of a file in order, through a buffer of its own.</summary>
internal sealed class CaptureFile(SafeFileHandle handle)
{
    private readonly byte[] _buffer = new byte[64 << 10];
    private long _start;
    private int _count;

    /// <summary>Bytes of the file when it was last looked at.</summary>
    public long Length { get; private set; } = RandomAccess.GetLength(handle);

    /// <summary>Looks at the file's length again.</summary>
    public void Refresh()
    {
        Length = RandomAccess.GetLength(handle);
        _count = 0;
    }

    /// <summary>The header at an offset; false when the file ends before it does.</summary>
    public bool TryPeek(long offset, out FrameHeader header)
    {
        header = default;
        if (offset + FrameHeader.Size > Length)
        {
            return false;
        }

        if (offset < _start || offset + FrameHeader.Size > _start + _count)
        {
            _start = offset;
            _count = ReadFully(handle, _buffer, offset);
        }

        var at = (int)(offset - _start);
        if (_count - at < FrameHeader.Size)
        {
            return false;
        }

        header = MemoryMarshal.Read<FrameHeader>(_buffer.AsSpan(at));
        return true;
    }

    public static int ReadFully(SafeFileHandle handle, Span<byte> buffer, long offset)
    {
        var count = 0;
        while (count < buffer.Length)
        {
            var read = RandomAccess.Read(handle, buffer[count..], offset + count);
            if (read == 0)
            {
                break;
            }

            count += read;
        }

        return count;
    }
}
