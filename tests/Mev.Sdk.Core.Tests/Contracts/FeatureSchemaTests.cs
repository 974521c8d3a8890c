namespace Mev.Sdk.Tests.Contracts;

public sealed class FeatureSchemaTests
{
    private static readonly FeatureColumn[] Columns = [new("tx.fee", "lamports"), new("tx.tip", "lamports")];

    [Fact]
    public void The_hash_is_frozen_because_stored_models_carry_it() =>
        Assert.Equal("362d7960240b1f01", new FeatureSchema(Columns).HashText);

    [Fact]
    public void The_hash_changes_with_name_unit_version_order_and_count()
    {
        FeatureColumn[][] variants =
        [
            Columns,
            [Columns[1], Columns[0]],
            [Columns[0]],
            [Columns[0] with { Name = "tx.fees" }, Columns[1]],
            [Columns[0] with { Unit = "SOL" }, Columns[1]],
            [Columns[0] with { Version = 2 }, Columns[1]],
        ];
        Assert.Equal(variants.Length, variants.Select(static v => new FeatureSchema(v).Hash).Distinct().Count());
    }

    [Fact]
    public void Another_schema_is_refused_and_both_hashes_are_named()
    {
        var schema = new FeatureSchema(Columns);
        schema.ThrowIfDifferent(schema.Hash, "The model 'a'");
        var exception = Assert.Throws<InvalidOperationException>(() => schema.ThrowIfDifferent(0xABC, "The model 'a'"));
        Assert.Contains("0000000000000abc", exception.Message, StringComparison.Ordinal);
        Assert.Contains(schema.HashText, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_column_and_a_name_twice_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new FeatureSchema([]));
        Assert.Contains("tx.fee", Assert.Throws<ArgumentException>(() => new FeatureSchema([Columns[0], Columns[0]])).Message, StringComparison.Ordinal);
    }
}
