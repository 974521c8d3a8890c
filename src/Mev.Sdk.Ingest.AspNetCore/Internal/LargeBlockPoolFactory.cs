using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace Mev.Sdk.Ingest.AspNetCore;

/// <summary>What Kestrel asks for the memory that it receives into.</summary>
internal sealed class LargeBlockPoolFactory : IMemoryPoolFactory<byte>
{
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new LargeBlockPool();
}
