using Mev.Sdk.Solana.Transactions;

namespace Mev.Sdk.Solana.Tests;

/// <summary>Small transactions made by hand.</summary>
internal static class Samples
{
    public static Pubkey Key(byte seed)
    {
        var bytes = new byte[Pubkey.Size];
        bytes.AsSpan().Fill(seed);
        return new Pubkey(bytes);
    }

    public static Signature Sig(byte seed)
    {
        var bytes = new byte[Signature.Size];
        bytes.AsSpan().Fill(seed);
        return new Signature(bytes);
    }

    public static TransactionBuilder Legacy() => new TransactionBuilder()
        .AddSignature(Sig(1))
        .SetHeader(1, 0, 1)
        .AddKey(Key(10)).AddKey(Key(11)).AddKey(Key(12))
        .SetRecentBlockhash(Key(99))
        .AddInstruction(2, [0, 1], [1, 2, 3])
        .AddInstruction(2, [], new byte[200]);

    public static TransactionBuilder V0() => new TransactionBuilder()
        .AddSignature(Sig(1)).AddSignature(Sig(2))
        .SetHeader(2, 1, 1)
        .AddKey(Key(10)).AddKey(Key(11)).AddKey(Key(12))
        .SetRecentBlockhash(Key(99))
        .AddInstruction(2, [0, 1, 3, 4, 5], [7])
        .AddLookup(Key(50), [4, 5], [9])
        .AddLookup(Key(51), [], []);

    public static TransactionBuilder V1() => new TransactionBuilder()
        .AddSignature(Sig(1)).AddSignature(Sig(2))
        .SetHeader(2, 1, 1)
        .SetConfig(new TransactionConfig(PriorityFeeLamports: 9_000, ComputeUnitLimit: 300_000, HeapSize: 65_536))
        .AddKey(Key(10)).AddKey(Key(11)).AddKey(Key(12)).AddKey(Key(13))
        .SetRecentBlockhash(Key(99))
        .AddInstruction(3, [0, 1, 2], [7])
        .AddInstruction(2, [], new byte[300]);
}
