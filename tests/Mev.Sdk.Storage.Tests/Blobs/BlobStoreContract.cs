using System.Security.Cryptography;

namespace Mev.Sdk.Storage.Tests.Blobs;

/// <summary>What every <see cref="IBlobStore"/> promises; a store's tests derive from it.</summary>
public abstract class BlobStoreContract
{
    /// <summary>More than any store takes in one piece here: several parts, the last one partly filled.</summary>
    private const int LongBytes = (13 << 20) + 12_345;

    protected static CancellationToken Cancelled => new(canceled: true);

    /// <summary>A store that nothing was written to; later calls in one test use the same place, as another process would.</summary>
    protected abstract IBlobStore Open();

    public static TheoryData<int> Lengths => [0, 1, 4096, (5 << 20) - 1, 5 << 20, (5 << 20) + 1, 10 << 20, LongBytes];

    [Theory]
    [MemberData(nameof(Lengths))]
    public async Task Write_then_read_gives_the_same_bytes(int length)
    {
        var store = Open();
        var bytes = Random(length);
        var written = await store.WriteAsync("a/b-1.x", Stream(bytes, seeks: length % 2 == 0), BlobCondition.None, Token);
        Assert.Equal(("a/b-1.x", length), (written.Name, written.Length));
        Assert.Equal(written, await Open().GetInfoAsync("a/b-1.x", Token));
        var read = new byte[length];
        await Open().ReadAsync("a/b-1.x", 0, read, Token);
        Assert.True(bytes.AsSpan().SequenceEqual(read));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(LongBytes)]
    public async Task Write_under_each_condition_keeps_what_was_there_unless_it_holds(int length)
    {
        var (store, other) = (Open(), Open());
        var first = await store.WriteAsync("x", Stream(Random(length), seeks: false), BlobCondition.IfAbsent, Token);
        await Refused(other.WriteAsync("x", Stream(Random(length), seeks: false), BlobCondition.IfAbsent, Token));
        await Refused(other.WriteAsync("x", Stream(Random(length), seeks: true), BlobCondition.IfMatch("5d41402abc4b2a76b9719d911017c592"), Token));
        await Refused(other.WriteAsync("y", Stream(Random(length), seeks: false), BlobCondition.IfMatch(first.ETag), Token));
        Assert.Equal(first, await store.GetInfoAsync("x", Token));
        Assert.Null(await store.GetInfoAsync("y", Token));

        var bytes = Random(length);
        var second = await other.WriteAsync("x", Stream(bytes, seeks: true), BlobCondition.IfMatch(first.ETag), Token);
        Assert.NotEqual(first.ETag, second.ETag);
        Assert.Equal(second, await store.GetInfoAsync("x", Token));
        await Refused(store.WriteAsync("x", Stream(Random(length), seeks: false), BlobCondition.IfMatch(first.ETag), Token));
        Assert.Equal(bytes, await ReadAllAsync(store, "x"));

        var third = await store.WriteAsync("x", Stream(Random(7), seeks: false), BlobCondition.None, Token);
        Assert.Equal(third, await other.GetInfoAsync("x", Token));
    }

    [Fact]
    public async Task Write_of_several_writers_if_absent_lets_exactly_one_win()
    {
        IBlobStore[] stores = [Open(), Open()];
        var contents = Enumerable.Range(0, 16).Select(static i => Random(10_000 + i)).ToArray();
        var outcomes = await Task.WhenAll(contents.Select(async (content, i) =>
        {
            try
            {
                await Task.Yield();
                return await stores[i % 2].WriteAsync("won", Stream(content, seeks: false), BlobCondition.IfAbsent, Token) is { } info ? (info, i) : default((BlobInfo, int)?);
            }
            catch (BlobConditionFailedException e)
            {
                Assert.Equal("won", e.BlobName);
                return null;
            }
        }));
        var (info, winner) = Assert.Single(outcomes, static o => o is not null)!.Value;
        Assert.Equal(contents[winner], await ReadAllAsync(stores[0], "won"));
        Assert.Equal(info, await stores[1].GetInfoAsync("won", Token));
    }

    [Fact]
    public async Task Write_of_several_writers_if_unchanged_loses_no_update()
    {
        const int Writers = 4, Updates = 6;
        IBlobStore[] stores = [Open(), Open()];
        await stores[0].WriteAsync("count", Stream([0, 0], seeks: true), BlobCondition.IfAbsent, Token);
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(async i =>
        {
            for (var done = 0; done < Updates;)
            {
                var store = stores[i % 2];
                var before = (await store.GetInfoAsync("count", Token))!.Value;
                var value = await ReadAllAsync(store, "count");
                try
                {
                    // The writer's number keeps two writers' contents apart where a tag is a hash.
                    await store.WriteAsync("count", Stream([(byte)(value[0] + 1), (byte)i], seeks: true), BlobCondition.IfMatch(before.ETag), Token);
                    done++;
                }
                catch (BlobConditionFailedException)
                {
                }
            }
        }));
        Assert.Equal(Writers * Updates, (await ReadAllAsync(stores[0], "count"))[0]);
    }

    [Fact]
    public async Task Read_while_a_blob_is_replaced_sees_one_content_or_the_other()
    {
        const int Length = 400_000;
        var store = Open();
        await store.WriteAsync("r", Stream(Filled(0), seeks: true), BlobCondition.None, Token);
        var writing = Task.Run(
            async () =>
            {
                for (byte i = 1; i < 12; i++)
                {
                    await store.WriteAsync("r", Stream(Filled(i), seeks: false), BlobCondition.None, Token);
                }
            },
            Token);
        do
        {
            var bytes = new byte[Length];
            await store.ReadAsync("r", 0, bytes, Token);
            Assert.False(bytes.AsSpan().ContainsAnyExcept(bytes[0]));
        }
        while (!writing.IsCompleted);
        await writing;

        static byte[] Filled(byte value)
        {
            var bytes = new byte[Length];
            bytes.AsSpan().Fill(value);
            return bytes;
        }
    }

    [Fact]
    public async Task Read_takes_any_range_and_refuses_what_is_not_there()
    {
        var store = Open();
        var bytes = Random(100_000);
        await store.WriteAsync("r", Stream(bytes, seeks: true), BlobCondition.None, Token);
        foreach (var (at, count) in new[] { (0, 1), (0, 100_000), (99_999, 1), (50_000, 50_000), (12_345, 4_567) })
        {
            var part = new byte[count];
            await store.ReadAsync("r", at, part, Token);
            Assert.True(bytes.AsSpan(at, count).SequenceEqual(part));
        }

        foreach (var (at, count) in new[] { (0, 100_001), (99_999, 2), (100_000, 1), (200_000, 10) })
        {
            var short_ = await Assert.ThrowsAsync<EndOfStreamException>(async () => await store.ReadAsync("r", at, new byte[count], Token));
            Assert.Contains("'r'", short_.Message, StringComparison.Ordinal);
        }

        await store.ReadAsync("r", 200_000, Memory<byte>.Empty, Token);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await store.ReadAsync("r", -1, new byte[1], Token));
        var missing = await Assert.ThrowsAsync<BlobNotFoundException>(async () => await store.ReadAsync("r2", 0, new byte[1], Token));
        Assert.Equal("r2", missing.BlobName);
        Assert.Contains("'r2'", missing.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3000, 100)]
    [InlineData(LongBytes, 6 << 20)]
    public async Task Write_of_a_stream_that_breaks_leaves_nothing(int length, int breaksAt)
    {
        var store = Open();
        foreach (var condition in new[] { BlobCondition.None, BlobCondition.IfAbsent })
        {
            using var broken = new BreakingStream(length, breaksAt, new InvalidOperationException("the cable"));
            var thrown = await Assert.ThrowsAsync<InvalidOperationException>(async () => await store.WriteAsync("w", broken, condition, Token));
            Assert.Equal("the cable", thrown.Message);
            Assert.Null(await store.GetInfoAsync("w", Token));
            Assert.Empty(await ListAsync(store, ""));
        }
    }

    [Fact]
    public async Task Write_that_is_given_up_leaves_what_was_there()
    {
        var store = Open();
        var before = await store.WriteAsync("w", Stream(Random(10), seeks: true), BlobCondition.None, Token);
        using var source = new CancellationTokenSource();
        using var content = new BreakingStream(LongBytes, 6 << 20, source.Cancel);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await store.WriteAsync("w", content, BlobCondition.None, source.Token));
        Assert.Equal(before, await store.GetInfoAsync("w", Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await store.ReadAsync("w", 0, new byte[1], Cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await store.WriteAsync("w", Stream([1], seeks: true), BlobCondition.None, Cancelled));
    }

    [Fact]
    public async Task Write_reads_from_where_the_stream_is_and_leaves_it_open()
    {
        var store = Open();
        using var content = Stream([1, 2, 3, 4], seeks: true);
        content.Position = 2;
        await store.WriteAsync("w", content, BlobCondition.None, Token);
        Assert.Equal(new byte[] { 3, 4 }, await ReadAllAsync(store, "w"));
        Assert.True(content.CanRead);

        // Long, and not from its start.
        var bytes = Random(LongBytes);
        using var longer = Stream(bytes, seeks: true);
        longer.Position = 5;
        await store.WriteAsync("long", longer, BlobCondition.IfAbsent, Token);
        Assert.Equal(bytes[5..], await ReadAllAsync(store, "long"));
    }

    [Fact]
    public async Task List_is_ordinal_and_takes_any_beginning()
    {
        var store = Open();
        Assert.Empty(await ListAsync(store, ""));
        string[] names = ["a-b", "a.b", "a/b", "a/b2/c", "a/b2/d/e", "a0", "aB/x", "ab", "b/1-2.m", "b/1-20.m", "b/1_2.m"];
        foreach (var name in names.Reverse())
        {
            await store.WriteAsync(name, Stream([1, 2, 3], seeks: true), BlobCondition.IfAbsent, Token);
        }

        Assert.Equal(names, await ListAsync(store, ""));
        foreach (var prefix in new[] { "a", "a/", "a/b", "a/b2", "a/b2/", "b/1-2", "b/1-2.m", "B", "c/d/e", "a/b2/d/e" })
        {
            Assert.Equal(names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)), await ListAsync(store, prefix));
        }

        await foreach (var info in store.ListAsync("a/b", Token))
        {
            Assert.Equal(await store.GetInfoAsync(info.Name, Token), info);
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await ListAsync(store, "", Cancelled));
    }

    [Fact]
    public async Task Delete_takes_away_what_matches()
    {
        var store = Open();
        Assert.False(await store.DeleteAsync("d/x", BlobCondition.None, Token));
        var info = await store.WriteAsync("d/x", Stream([1], seeks: true), BlobCondition.None, Token);
        await store.WriteAsync("d/x", Stream([2], seeks: true), BlobCondition.None, Token);
        var refused = await Assert.ThrowsAsync<BlobConditionFailedException>(async () => await store.DeleteAsync("d/x", BlobCondition.IfMatch(info.ETag), Token));
        Assert.Equal("d/x", refused.BlobName);
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.DeleteAsync("d/x", BlobCondition.IfAbsent, Token));
        info = (await store.GetInfoAsync("d/x", Token))!.Value;
        Assert.True(await store.DeleteAsync("d/x", BlobCondition.IfMatch(info.ETag), Token));
        Assert.Null(await store.GetInfoAsync("d/x", Token));
        Assert.Empty(await ListAsync(store, ""));
        await store.WriteAsync("d/x", Stream([3], seeks: true), BlobCondition.IfAbsent, Token);
        Assert.True(await store.DeleteAsync("d/x", BlobCondition.None, Token));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData("../a")]
    [InlineData("a/../b")]
    [InlineData("./a")]
    [InlineData(".a")]
    [InlineData("a/.b")]
    [InlineData("a.")]
    [InlineData("a b")]
    [InlineData("a\\b")]
    [InlineData("a\0b")]
    [InlineData("ä")]
    public async Task Names_that_are_none_are_refused(string name)
    {
        var store = Open();
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.GetInfoAsync(name, Token));
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.ReadAsync(name, 0, new byte[1], Token));
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.WriteAsync(name, Stream([1], seeks: true), BlobCondition.None, Token));
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.DeleteAsync(name, BlobCondition.None, Token));
        if (name is not ("" or "a/" or "a."))
        {
            await Assert.ThrowsAsync<ArgumentException>(async () => await ListAsync(store, name));
        }
    }

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected static byte[] Random(int length) => RandomNumberGenerator.GetBytes(length);

    protected static Stream Stream(byte[] bytes, bool seeks) => seeks ? new MemoryStream(bytes) : new DripStream(bytes);

    protected static async Task<byte[]> ReadAllAsync(IBlobStore store, string name)
    {
        var bytes = new byte[(await store.GetInfoAsync(name, Token))!.Value.Length];
        await store.ReadAsync(name, 0, bytes, Token);
        return bytes;
    }

    protected static async Task<List<string>> ListAsync(IBlobStore store, string prefix, CancellationToken? cancellationToken = null)
    {
        var names = new List<string>();
        await foreach (var info in store.ListAsync(prefix, cancellationToken ?? Token))
        {
            names.Add(info.Name);
        }

        return names;
    }

    private static async Task Refused(ValueTask<BlobInfo> write) => await Assert.ThrowsAsync<BlobConditionFailedException>(async () => await write);
}
