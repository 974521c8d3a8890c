using System.Buffers;
using System.Runtime.InteropServices;

namespace Mev.Sdk.Ingest.Tests.Support;

/// <summary>Memory whose last byte stands right before a page that nobody may touch: one byte read too many ends the process.</summary>
internal sealed unsafe partial class GuardedMemory : MemoryManager<byte>
{
    private const int ReadWrite = 3;
    private const int PrivateAnonymous = 0x22;

    private readonly nuint _mapped;
    private readonly byte* _base;
    private readonly int _capacity;
    private int _length;

    public GuardedMemory(int capacity)
    {
        var page = Environment.SystemPageSize;
        _capacity = (capacity + page - 1) / page * page;
        _mapped = (nuint)(_capacity + page);
        _base = (byte*)Map(0, _mapped, ReadWrite, PrivateAnonymous, -1, 0);
        if (_base == (byte*)-1 || Protect(_base + _capacity, (nuint)page, 0) != 0)
        {
            throw new InvalidOperationException($"no guarded memory: error {Marshal.GetLastPInvokeError()}.");
        }
    }

    public static bool IsSupported => OperatingSystem.IsLinux();

    /// <summary>Puts bytes in front of the guard.</summary>
    public ReadOnlyMemory<byte> Put(ReadOnlySpan<byte> bytes)
    {
        _length = bytes.Length;
        bytes.CopyTo(GetSpan());
        return CreateMemory(_length);
    }

    public override Span<byte> GetSpan() => new(_base + _capacity - _length, _length);

    public override MemoryHandle Pin(int elementIndex = 0) => new(_base + _capacity - _length + elementIndex);

    public override void Unpin()
    {
        // It never moves.
    }

    protected override void Dispose(bool disposing) => _ = Unmap(_base, _mapped);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial void* Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static partial int Protect(void* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int Unmap(void* address, nuint length);
}
