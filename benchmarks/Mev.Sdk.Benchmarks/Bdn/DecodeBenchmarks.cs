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
    public ulong Frames() => TransactionFolds.Ours(_set.Frames);

    [Benchmark]
    public ulong Protobuf() => TransactionFolds.Protobuf(_set.Messages);
}
