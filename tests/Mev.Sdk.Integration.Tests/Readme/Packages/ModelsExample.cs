// The regions between the snippet marks are the example of src/Mev.Sdk.Models/README.md, character for character; ReadmeTests holds them equal.
#pragma warning disable IDE0005
// snippet-start: usings
using Mev.Sdk.Models;
using Mev.Sdk.Models.Inference;

// snippet-end
#pragma warning restore IDE0005

namespace Mev.Sdk.Integration.Tests.Readme.Packages;

internal static class ModelsExample
{
    public static void Run(ScoringSink scoringSink, TextWriter Console)
    {
        // snippet-start: program
        var artifact = new ModelFolder("models").LoadLatest();
        if (artifact is not null)
        {
            Console.WriteLine(artifact.Manifest.Test.Evaluation);
            scoringSink.Use(ScoringModel.FromArtifact(artifact)); // from the next batch on
        }

        // snippet-end
    }
}
