using System.Runtime.InteropServices;
using Mev.Sdk.Ingest.Solana.Files;
using Mev.Sdk.Records;
using Mev.Sdk.TestKit;

namespace Mev.Sdk.Ingest.Solana.Tests.Files;

/// <summary>One block in three encodings must give the same records.</summary>
public sealed class EncodingTests
{
    [Theory]
    [InlineData("json")]
    [InlineData("json_parsed")]
    public void Load_agrees_with_base64(string encoding)
    {
        var (path, reference) = (ChainData.File($"solana/getblock-encodings/get_block_{encoding}_encoding.json"), ChainData.File("solana/getblock-encodings/get_block_base64_encoding.json"));
        Assert.SkipWhen(path is null || reference is null, ChainData.MissingReason);
        AreEqual(BlockFile.Load(reference!), BlockFile.Load(path!));
    }

    internal static void AreEqual(BlockFile expected, BlockFile actual)
    {
        var (a, b) = (expected.Block, actual.Block);
        Assert.Equal(Bytes(in a), Bytes(in b));
        Assert.Equal(expected.Transactions.Count, actual.Transactions.Count);
        foreach (var (left, right) in expected.Transactions.Zip(actual.Transactions))
        {
            var (one, other) = (left.Record, right.Record);
            other.Flags &= ~TransactionFlags.WireMissing;
            Assert.Equal(Bytes(in one), Bytes(in other));
            Assert.Equal(MemoryMarshal.AsBytes(left.Swaps).ToArray(), MemoryMarshal.AsBytes(right.Swaps).ToArray());
            Assert.Equal(left.Meta.ToArray(), right.Meta.ToArray());
            if (!right.Record.Flags.HasFlag(TransactionFlags.WireMissing))
            {
                Assert.Equal(left.Wire.ToArray(), right.Wire.ToArray());
            }
        }
    }

    private static byte[] Bytes<T>(in T value)
        where T : unmanaged => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)).ToArray();
}
