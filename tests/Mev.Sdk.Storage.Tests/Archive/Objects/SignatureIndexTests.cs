using FsCheck.Xunit;
using Mev.Sdk.Storage.Archive.Objects;

namespace Mev.Sdk.Storage.Tests.Archive.Objects;

public sealed class SignatureIndexTests
{
    private static readonly byte[] ObjectId = new byte[16];

    [Property(MaxTest = 60)]
    public void Every_sighting_is_found_in_its_block(int seed)
    {
        var random = new Random(seed);
        var blocks = random.Next(1, 3000);
        var distinct = random.Next(0, 3000);
        var sightings = new List<(Signature Signature, int Block)>();
        for (var i = 0; i < distinct; i++)
        {
            var signature = Draw(random);
            for (var times = random.Next(8) == 0 ? random.Next(1, 20) : 1; times > 0; times--)
            {
                sightings.Add((signature, random.Next(blocks)));
            }
        }

        AssertFinds(sightings, blocks);
    }

    [Fact]
    public void Large_sets_and_one_signature_many_times_are_spread_over_shards()
    {
        var random = new Random(1);
        var same = Draw(random);
        AssertFinds([.. Enumerable.Range(0, 50_000).Select(i => (i % 2 == 0 ? same : Draw(random), i / 100))], 500);
    }

    [Fact]
    public void Cost_is_three_bytes_a_signature_and_few_foreign_ones_are_taken_for_members()
    {
        var random = new Random(2);
        var builder = new SignatureIndexBuilder(ObjectId);
        for (var i = 0; i < 100_000; i++)
        {
            var signature = Draw(random);
            builder.Add(in signature, i / 75);
        }

        var bytes = builder.Write(1334);
        Assert.InRange(bytes.Length, 250_000, 320_000);
        var index = SignatureIndex.Parse(bytes, 1334);
        var taken = Enumerable.Range(0, 100_000).Count(_ => index.TryFind(SignatureHash.Of(ObjectId, Draw(random)), 0, out var _, out var _));
        Assert.InRange(taken, 200, 600);
    }

    [Property(MaxTest = 200)]
    public void Damaged_bytes_are_refused_or_name_a_block_that_is_there(int seed)
    {
        var random = new Random(seed);
        var builder = new SignatureIndexBuilder(ObjectId);
        for (var i = 0; i < 50; i++)
        {
            var signature = Draw(random);
            builder.Add(in signature, i / 5);
        }

        var bytes = builder.Write(10);
        bytes[random.Next(Math.Min(bytes.Length, 12))] = (byte)random.Next(256);
        try
        {
            var index = SignatureIndex.Parse(bytes, 10);
            for (var i = 0; i < 100; i++)
            {
                Assert.True(!index.TryFind(SignatureHash.Of(ObjectId, Draw(random)), 0, out var block, out _) || block is >= 0 and < 10);
            }
        }
        catch (SectionDamageException refused)
        {
            Assert.NotEmpty(refused.Message);
        }
    }

    private static void AssertFinds(List<(Signature Signature, int Block)> sightings, int blocks)
    {
        var builder = new SignatureIndexBuilder(ObjectId);
        foreach (var (signature, block) in sightings)
        {
            builder.Add(in signature, block);
        }

        var index = SignatureIndex.Parse(builder.Write(blocks), blocks);
        Assert.Equal(sightings.Count, index.Count);
        foreach (var group in sightings.GroupBy(static s => s.Signature))
        {
            var hash = SignatureHash.Of(ObjectId, group.Key);
            var expected = group.Select(static s => s.Block).ToList();
            for (var i = 0; i < expected.Count; i++)
            {
                Assert.True(index.TryFind(hash, (uint)i, out var block, out var hasNext));
                Assert.Equal((expected[i], i < expected.Count - 1), (block, hasNext));
            }
        }
    }

    private static Signature Draw(Random random)
    {
        var bytes = new byte[Signature.Size];
        random.NextBytes(bytes);
        return new Signature(bytes);
    }
}
