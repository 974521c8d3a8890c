using Mev.Sdk.Storage.Queries;

namespace Mev.Sdk.Storage.Tests.Queries;

public sealed class HistorySketchTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(12)]
    public void Bucket_holds_its_numbers_within_the_stated_error_and_buckets_adjoin(int bits)
    {
        var random = new Random(bits);
        for (var i = 0; i < 20_000; i++)
        {
            var value = (Int128)((ulong)random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64)) * (random.Next(2) == 0 ? 1 : -1);
            value = Int128.Max(value, long.MinValue);
            var bucket = LogLinearHistogram.BucketOf(value, bits);
            var (low, high) = (LogLinearHistogram.LowerBound(bucket, bits), LogLinearHistogram.UpperBound(bucket, bits));
            Assert.InRange(value, low, high);
            if (high < ulong.MaxValue)
            {
                Assert.Equal(bucket + 1, LogLinearHistogram.BucketOf(high + 1, bits));
            }

            Assert.Equal(bucket - 1, LogLinearHistogram.BucketOf(low - 1, bits));
            var middle = low + ((high - low) / 2);
            Assert.True(Math.Abs((double)(middle - value)) <= Math.Max(Math.Abs((double)value), 1) * Math.Pow(2, -bits - 1) + 1, $"{value}: {low} to {high}");
        }

        Assert.InRange(ulong.MaxValue, LogLinearHistogram.LowerBound(LogLinearHistogram.BucketOf(ulong.MaxValue, bits), bits), LogLinearHistogram.UpperBound(LogLinearHistogram.BucketOf(ulong.MaxValue, bits), bits));
    }

    [Fact]
    public void Quantile_is_within_its_error_of_the_exact_one()
    {
        var random = new Random(4);
        var values = Enumerable.Range(0, 10_000).Select(_ => (long)Math.Exp(random.NextDouble() * 30)).Order().ToList();
        var histogram = new LogLinearHistogram();
        values.ForEach(v => histogram.Add(LogLinearHistogram.BucketOf(v, LogLinearHistogram.DefaultBits), 1));
        foreach (var quantile in (double[])[0, 0.01, 0.5, 0.9, 0.999, 1])
        {
            double exact = values[Math.Clamp((int)Math.Ceiling(quantile * values.Count), 1, values.Count) - 1];
            Assert.InRange((double)histogram.Quantile(quantile)!.Value, exact * (1 - 0.004) - 1, exact * (1 + 0.004) + 1);
        }

        Assert.Null(new LogLinearHistogram().Quantile(0.5));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(10_000)]
    [InlineData(300_000)]
    public void Distinct_keys_are_estimated_within_four_standard_errors_however_often_they_come(int keys)
    {
        var random = new Random(6);
        var sketch = new DistinctSketch();
        var key = new byte[32];
        for (var i = 0; i < keys; i++)
        {
            random.NextBytes(key);
            "vanity!!"u8.CopyTo(key); // what a searched-for address begins with must not matter
            var (register, rest) = DistinctSketch.PlaceOf(key);
            sketch.Add(register, rest);
            sketch.Add(register, rest);
        }

        Assert.InRange(sketch.Estimate(), keys * (1 - (4 * 0.01625)), keys * (1 + (4 * 0.01625)));
    }
}
