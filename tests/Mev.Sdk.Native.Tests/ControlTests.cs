using Mev.Sdk.Native.Tests.Support;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Native.Tests;

/// <summary>Scores and parameters to a C++ engine, and its answers.</summary>
[Trait("Needs", "native")]
public sealed class ControlTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Parameter_updates_are_applied_or_rejected_and_answered()
    {
        using var folder = new TemporaryFolder();
        await using var engine = await NativeEngine.StartAsync();
        await using var host = await TestHost.StartAsync(engine.Endpoint, folder.Path);

        var applied = await host.Control.UpdateParametersAsync(new ParameterRequest("engine", 7, """{"tip":5000}""", "a test"), Token);
        var rejected = await host.Control.UpdateParametersAsync(new ParameterRequest("engine", 7, """{"reject":1}""", "a test"), Token);
        var again = await host.Control.UpdateParametersAsync(new ParameterRequest("engine", 7, """{"tip":6000}""", "a test"), Token);

        Assert.Equal(ParameterState.Applied, applied.State);
        Assert.Equal((ParameterState.Rejected, "it says reject"), (rejected.State, rejected.Reason));
        Assert.Equal(ParameterState.Applied, again.State);
        Assert.True(again.Revision > applied.Revision);
        Assert.Equal($$"""7:{{applied.Revision}}:{"tip":5000} 7:{{again.Revision}}:{"tip":6000}""", await engine.TellAsync("updates"));
        Assert.Empty(host.Control.GetPending());
    }

    [Fact]
    public async Task Parameter_update_waits_for_an_engine_that_is_away()
    {
        using var folder = new TemporaryFolder();
        var socket = $"unix://{folder.Path}/engine.sock";
        await using var host = await TestHost.StartAsync(socket, folder.Path);
        var asked = host.Control.UpdateParametersAsync(new ParameterRequest("engine", 1, "{}", "a test"), Token);
        await using var engine = await NativeEngine.StartAsync("--listen", socket);

        var outcome = await asked.WaitAsync(TimeSpan.FromMinutes(1), Token);

        Assert.Equal(ParameterState.Applied, outcome.State);
        Assert.Equal("1:1:{}", await engine.TellAsync("updates"));
    }

    [Fact]
    public async Task Scores_reach_the_engine()
    {
        using var folder = new TemporaryFolder();
        await using var engine = await NativeEngine.StartAsync();
        await using var host = await TestHost.StartAsync(engine.Endpoint, folder.Path);
        var message = new OpportunityScoresMessage { Threshold = 0.5 };
        OpportunityScore[] scores = [new() { OpportunityId = 40 }, new() { OpportunityId = 2 }];

        await Eventually.BecomesAsync(() => host.Control.TrySendScores("engine", in message, scores, "model-9"), () => "the engine took no scores");

        var answer = await engine.TellAsync("scores");
        for (var i = 0; i < 1000 && answer != "2 42 model-9"; i++)
        {
            await Task.Delay(10, Token);
            answer = await engine.TellAsync("scores");
        }

        Assert.Equal("2 42 model-9", answer);
    }
}
