// The regions between the snippet marks are the example of src/Mev.Sdk.Features/README.md, character for character; ReadmeTests holds them equal.
#pragma warning disable IDE0005
// snippet-start: usings
using Mev.Sdk.Features;
using Mev.Sdk.Wire;

// snippet-end
#pragma warning restore IDE0005

namespace Mev.Sdk.Integration.Tests.Readme.Packages;

internal static class FeaturesExample
{
    public static void Run(RecordBatch batch)
    {
        // snippet-start: program
        var engine = new FeatureEngine();
        var vector = new float[engine.Schema.Count];
        foreach (var record in batch) // a RecordBatch, in LSN order
        {
            if (engine.Observe(in record, vector))
            {
                // The first sighting of a transaction: its features, NaN where a value cannot be known.
            }
        }

        // snippet-end
    }
}
