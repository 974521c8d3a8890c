using Mev.Sdk.Models.Training;

namespace Mev.Sdk.Models.Tests.Training;

public sealed class TrainingRequestTests
{
    private static readonly FeatureSchema Schema = new([new FeatureColumn("a", "1"), new FeatureColumn("b", "1")]);
    private static readonly TrainingRows Good = new(new float[] { 1, 2, 3, 4 }, new float[] { 0, 1 });

    [Fact]
    public void ThrowIfUntrainable_good_rows_pass() => new TrainingRequest(Schema, Good, Good).ThrowIfUntrainable();

    [Fact]
    public void ThrowIfUntrainable_no_rows_are_refused() => AssertRefused(new TrainingRows(default, default), "no training rows");

    [Fact]
    public void ThrowIfUntrainable_one_class_is_refused() =>
        AssertRefused(Good with { Labels = new float[] { 0, 0 } }, "All 2 training rows have the label 0");

    [Fact]
    public void ThrowIfUntrainable_wrong_width_is_refused() =>
        AssertRefused(Good with { Features = new float[] { 1, 2, 3 } }, "3 values; 2 rows of the schema's 2 columns are 4");

    [Fact]
    public void ThrowIfUntrainable_label_that_is_none_is_refused() =>
        AssertRefused(Good with { Labels = new[] { 0, 0.5f } }, "neither 0 nor 1");

    [Fact]
    public void ThrowIfUntrainable_constant_columns_are_refused() =>
        AssertRefused(Good with { Features = new[] { 1, float.NaN, 1, float.NaN } }, "constant");

    [Fact]
    public void ThrowIfUntrainable_validation_rows_are_checked_too() => Assert.Contains(
        "validation rows",
        Assert.Throws<ArgumentException>(() => new TrainingRequest(Schema, Good, Good with { Labels = new float[] { 1, 1 } }).ThrowIfUntrainable()).Message,
        StringComparison.Ordinal);

    private static void AssertRefused(TrainingRows rows, string expected) => Assert.Contains(
        expected,
        Assert.Throws<ArgumentException>(() => new TrainingRequest(Schema, rows, Good).ThrowIfUntrainable()).Message,
        StringComparison.Ordinal);
}
