using System.Buffers;

namespace Mev.Sdk.Ingest.AspNetCore;

/// <summary>The shared pool, except that it never gives less than a block: Kestrel asks for 4 KiB and receives as much as it is given.</summary>
internal sealed class LargeBlockPool : MemoryPool<byte>
{
    /// <summary>The least that is given, bytes: below the large object heap's limit of 85,000.</summary>
    public const int BlockBytes = 64 << 10;

    public override int MaxBufferSize => Shared.MaxBufferSize;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => Shared.Rent(Math.Max(minBufferSize, BlockBytes));

    // Everything it gave belongs to the shared pool.
    protected override void Dispose(bool disposing)
    {
    }
}
