namespace Mev.Sdk.Storage.DuckDb.Tests;

public sealed class TrainingSampleTests
{
    private static readonly FeatureSchema Schema = new([new FeatureColumn("a", "1"), new FeatureColumn("b", "lamports")]);

    [Fact]
    public async Task Samples_come_back_in_lsn_order_from_the_one_asked_for()
    {
        await using var test = await TestStore.OpenAsync();
        await test.Store.WriteAsync(Schema, [Sample(5, 1, [1.5f, float.NaN]), Sample(3, 0, [-2f, 4f])], "m1", TestContext.Current.CancellationToken);
        await test.Store.WriteAsync(Schema, [Sample(4, 1, [float.MaxValue, 0f])], null, TestContext.Current.CancellationToken);

        var read = await ReadAsync(test, Schema, new Lsn(4));
        Assert.Equal([4UL, 5UL], read.Select(static s => s.TransactionLsn.Value));
        Assert.Equal([1.5f, float.NaN], read[1].Features.ToArray());
        Assert.Equal((1f, TestStore.Sign(5), DateTimeOffset.UnixEpoch.AddDays(5)), (read[1].Label, read[1].Signature, read[1].CreatedAt));
        Assert.Equal(3, (await ReadAsync(test, Schema, Lsn.None)).Count);
        Assert.Equal(2, test.Scalar("SELECT count(*) FROM ml_training_samples WHERE model_version = 'm1'"));
    }

    [Fact]
    public async Task Sample_of_the_same_lsn_and_schema_replaces_the_earlier_one()
    {
        await using var test = await TestStore.OpenAsync();
        var other = new FeatureSchema([new FeatureColumn("a", "1")]);
        await test.Store.WriteAsync(Schema, [Sample(1, 0, [1, 1]), Sample(1, 1, [2, 2])], "m1", TestContext.Current.CancellationToken);
        await test.Store.WriteAsync(other, [Sample(1, 0, [7])], "m1", TestContext.Current.CancellationToken);
        await test.Store.WriteAsync(Schema, [Sample(1, 1, [3, 3])], "m2", TestContext.Current.CancellationToken);
        float[] latest = [3f, 3f], foreign = [7f];
        Assert.Equal(latest, await SingleAsync(test, Schema));
        Assert.Equal(foreign, await SingleAsync(test, other));
    }

    [Fact]
    public async Task More_samples_than_a_page_are_all_read()
    {
        await using var test = await TestStore.OpenAsync();
        var samples = Enumerable.Range(1, 20_000).Select(static i => Sample(i, 0, [i, 0])).ToArray();
        await test.Store.WriteAsync(Schema, samples, null, TestContext.Current.CancellationToken);
        await test.Store.WriteAsync(Schema, [], null, TestContext.Current.CancellationToken);
        var read = await ReadAsync(test, Schema, Lsn.None);
        Assert.Equal(20_000, read.Count);
        Assert.All(read, static (s, i) => Assert.Equal(i + 1, s.Features.Span[0]));
    }

    [Fact]
    public async Task Sample_of_another_width_is_refused_and_nothing_is_stored()
    {
        await using var test = await TestStore.OpenAsync();
        var e = await Assert.ThrowsAsync<ArgumentException>(async () =>
            await test.Store.WriteAsync(Schema, [Sample(1, 0, [1, 1]), Sample(2, 0, [1])], null, TestContext.Current.CancellationToken));
        Assert.Contains("0:2 has 1 features", e.Message, StringComparison.Ordinal);
        Assert.Empty(await ReadAsync(test, Schema, Lsn.None));
    }

    // A slice of a larger array, as a training set hands its rows out.
    private static TrainingSample Sample(int lsn, float label, float[] features) =>
        new(new Lsn((ulong)lsn), TestStore.Sign(lsn), ((float[])[-1, .. features, -1]).AsMemory(1, features.Length), label, DateTimeOffset.UnixEpoch.AddDays(lsn));

    private static async Task<float[]> SingleAsync(TestStore test, FeatureSchema schema) =>
        Assert.Single(await ReadAsync(test, schema, Lsn.None)).Features.ToArray();

    private static async Task<List<TrainingSample>> ReadAsync(TestStore test, FeatureSchema schema, Lsn from)
    {
        var read = new List<TrainingSample>();
        await foreach (var sample in test.Store.ReadAsync(schema, from, TestContext.Current.CancellationToken))
        {
            read.Add(sample);
        }

        return read;
    }
}
