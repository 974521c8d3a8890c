using FsCheck.Xunit;

namespace Mev.Sdk.Ingest.Tests.Control;

/// <summary>The two ends of the control channel, joined by a network that reorders, repeats and loses, and hosts that crash: each byte of a script is a step.</summary>
public sealed class ParameterExchangeProperties
{
    [Property(MaxTest = 300)]
    public void Any_interleaving_applies_each_update_once_and_tells_each_caller_the_truth(byte[] script)
    {
        var world = new ExchangeWorld();
        foreach (var step in script ?? [])
        {
            world.Step(step);
        }

        world.Settle();
        world.Check();
    }

    [Fact]
    public void Long_random_scripts_settle_too()
    {
        var rounds = Environment.GetEnvironmentVariable("MEV_LONG") == "1" ? 20_000 : 300;
        for (var seed = 0; seed < rounds; seed++)
        {
            var script = new byte[400];
            new Random(seed).NextBytes(script);
            Any_interleaving_applies_each_update_once_and_tells_each_caller_the_truth(script);
        }
    }
}
