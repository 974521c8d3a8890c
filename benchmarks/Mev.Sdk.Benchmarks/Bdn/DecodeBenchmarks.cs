using BenchmarkDotNet.Attributes;
using Mev.Sdk.Benchmarks.Data;
using Mev.Sdk.Benchmarks.Peers;

namespace Mev.Sdk.Benchmarks.Bdn;

/// <summary>Decoding transactions; one operation is the whole set.</summary>
[MemoryDiagnoser]
public class DecodeBenchmarks
{
    private readonly TransactionSet _set = TransactionSet.Whole(FrameSource.Load().Frames);

    [Benchmark(Baseline = true)]
    public ulong Frames() => FrameFold.Of(_set.Frames);

    [Benchmark]
    public ulong Protobuf() => ProtobufFold.Of(_set.Messages);

    [Benchmark]
    public ulong MemoryPack() => MemoryPackFold.Of(_set.Packs);
}
