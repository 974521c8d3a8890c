using BenchmarkDotNet.Attributes;
using Mev.Sdk.Benchmarks.Data;
using Mev.Sdk.Benchmarks.Peers;

namespace Mev.Sdk.Benchmarks.Bdn;

/// <summary>Base58 of a block's signatures; one operation is the whole set.</summary>
[MemoryDiagnoser]
public class Base58Benchmarks
{
    private readonly Base58Work _work = new(KeySet.Signatures().Values, Signature.Size);

    [Benchmark]
    public ulong Encode() => _work.EncodeOurs();

    [Benchmark]
    public ulong EncodeSimpleBase() => _work.EncodePeer();

    [Benchmark]
    public ulong Decode() => _work.DecodeOurs();

    [Benchmark]
    public ulong DecodeSimpleBase() => _work.DecodePeer();
}
