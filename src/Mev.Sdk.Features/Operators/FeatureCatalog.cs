namespace Mev.Sdk.Features.Operators;

/// <summary>The families that make up a vector, in order.</summary>
internal static class FeatureCatalog
{
    public static FeatureDefinition[] Definitions { get; } =
        [.. CreateOperators(new FeatureEngineOptions { MaxPools = 16, MaxTokens = 16 }).SelectMany(static op => op.Definitions)];

    public static FeatureSchema Schema { get; } = new(Definitions.Select(static d => d.Column));

    public static FeatureOperator[] CreateOperators(FeatureEngineOptions options) =>
    [
        new RequestOperator(),
        new SwapOperator(),
        new PoolActivityOperator(options.MaxPools),
        new CrossVenueOperator(options.MaxTokens),
        new SlotWindowOperator(),
    ];
}
