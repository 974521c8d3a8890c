using Mev.Sdk.Benchmarks.Data;
using Mev.Sdk.Benchmarks.Peers;
using Mev.Sdk.Benchmarks.Scorecard;

namespace Mev.Sdk.Benchmarks.Areas;

/// <summary>What a decoder of Solana spends its time on.</summary>
internal sealed class SolanaArea : IArea
{
    public string Name => "solana";

    public IEnumerable<Measure> Run()
    {
        var (signatures, note) = KeySet.Signatures();
        yield return Encode("solana.base58.encode", new Base58Work(signatures, 64), note);
        yield return Decode("solana.base58.decode", new Base58Work(signatures, 64), note);
        (var keys, note) = KeySet.Keys();
        yield return Encode("solana.base58.encode.pubkey", new Base58Work(keys, 32), note);
        yield return Decode("solana.base58.decode.pubkey", new Base58Work(keys, 32), note);
        foreach (var measure in ChainMeasures.Run())
        {
            yield return measure;
        }
        var (frames, origin) = FrameSource.Load();
        var work = new ChainWork(frames);
        yield return Alone("solana.wire", work, work.ParseWire, $"{origin}, {work.Count} transactions: all parts of the wire bytes parsed and folded");
        yield return Allocated("solana.wire.alloc", work, work.ParseWire, origin);
        yield return Alone("solana.swaps", work, work.ReadEffects, $"{origin}, {work.Count} transactions from bytes to swaps, liquidity, movements, sales, liquidations, tips; keys' texts seen before");
        yield return Allocated("solana.swaps.alloc", work, work.ReadEffects, origin);
    }

    private static Measure Encode(string name, Base58Work work, string note)
    {
        var (ours, peer) = Duel.Nanoseconds(work.EncodeOurs, work.EncodePeer);
        return Of(name, work, ours, peer, $"{note}; bytes to text in a caller's buffer, every character folded");
    }

    private static Measure Decode(string name, Base58Work work, string note)
    {
        var (ours, peer) = Duel.Nanoseconds(work.DecodeOurs, work.DecodePeer);
        return Of(name, work, ours, peer, $"{note}; text to bytes in a caller's buffer, every byte folded");
    }

    private static Measure Alone(string name, ChainWork work, Func<ulong> pass, string note) => new()
    {
        Name = name,
        Value = 1e9 * work.Count / Duel.Nanoseconds(pass, pass).Ours,
        Unit = "transactions/s",
        Note = note,
    };

    private static Measure Allocated(string name, ChainWork work, Func<ulong> pass, string origin) => new()
    {
        Name = name,
        Value = (double)Duel.AllocatedBytes(pass) / work.Count,
        Unit = "B/transaction",
        LessIsBetter = true,
        Note = origin,
    };

    private static Measure Of(string name, Base58Work work, double ours, double peer, string note) => new()
    {
        Name = name,
        Value = 1000 * work.Count / ours,
        Unit = "Mop/s",
        Peer = "SimpleBase",
        PeerValue = 1000 * work.Count / peer,
        Note = note,
    };
}
