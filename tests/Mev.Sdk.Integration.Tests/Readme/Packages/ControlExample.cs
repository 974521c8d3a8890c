// The regions between the snippet marks are the example of src/Mev.Sdk.Ingest/README.md, character for character; ReadmeTests holds them equal.
#pragma warning disable IDE0005
// snippet-start: usings
using Mev.Sdk;
using Mev.Sdk.Wire;

// snippet-end
#pragma warning restore IDE0005

namespace Mev.Sdk.Integration.Tests.Readme.Packages;

internal static class ControlExample
{
    public static async Task RunAsync(IEngineControl control, OpportunityScoresMessage message, OpportunityScore[] scores, TextWriter Console)
    {
        // snippet-start: program
        control.TrySendScores("engine", in message, scores, "model-7");   // never waits; false = dropped and counted
        var outcome = await control.UpdateParametersAsync(new ParameterRequest("engine", 1, "{\"enabled\":false}", Actor: "alice"));
        Console.WriteLine($"{outcome.State}: {outcome.Reason}");

        // snippet-end
    }
}
