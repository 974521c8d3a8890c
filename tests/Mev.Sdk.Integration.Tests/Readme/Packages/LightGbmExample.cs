// The regions between the snippet marks are the example of src/Mev.Sdk.Models.LightGbm/README.md, character for character; ReadmeTests holds them equal.
#pragma warning disable IDE0005
// snippet-start: usings
using Mev.Sdk.Models.LightGbm;
using Mev.Sdk.Models.Training;
using Mev.Sdk.Wire;

// snippet-end
#pragma warning restore IDE0005

namespace Mev.Sdk.Integration.Tests.Readme.Packages;

internal static class LightGbmExample
{
    public static async Task RunAsync(IAsyncEnumerable<RecordBatch> batches, TextWriter Console)
    {
        // snippet-start: program
        if (LightGbmTrainer.CheckAvailable(out var reason))
        {
            var pipeline = new ModelTrainingPipeline(new LightGbmTrainer(), TimeProvider.System);
            var result = await pipeline.RunAsync(batches, new TrainingSource("history of the journal", IsSimulated: false));
            Console.WriteLine(result.Report);
        }
        else
        {
            Console.WriteLine(reason);                          // what is missing, and how to install it
        }

        // snippet-end
    }
}
