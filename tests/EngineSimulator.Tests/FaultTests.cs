using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using EngineSimulator.CommandLine;

namespace EngineSimulator.Tests;

public sealed class FaultTests
{
    [Fact]
    public async Task A_taken_port_is_named_with_the_remedy()
    {
        await using var first = SimulatorEngine.Start(new SimulatorEngineOptions());
        var exception = Assert.Throws<SimulatorEngineException>(() => SimulatorEngine.Start(new SimulatorEngineOptions { Listen = first.LocalEndPoint }));
        Assert.Contains(first.LocalEndPoint.ToString(), exception.Message, StringComparison.Ordinal);
        Assert.Contains("taken", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_rate_out_of_range_is_refused(double rate) =>
        Assert.Contains("TransactionsPerSecond", Assert.Throws<SimulatorEngineException>(() => SimulatorEngine.Start(new SimulatorEngineOptions { TransactionsPerSecond = rate })).Message, StringComparison.Ordinal);

    [Fact]
    public void A_bad_market_is_refused_with_its_key() => Assert.Contains(
        "Mev:Market:TokenCount",
        Assert.Throws<SimulatorEngineException>(() => SimulatorEngine.Start(new SimulatorEngineOptions { ConfigureMarket = market => market.TokenCount = 0 })).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("--rate", "fast")]
    [InlineData("--rate", "-1")]
    [InlineData("--rate")]
    [InlineData("--seed", "-3")]
    [InlineData("--listen", "127.0.0.1:7070")]
    [InlineData("--listen", "tcp://engine.example:7070")]
    [InlineData("--listen", "tcp://127.0.0.1:70000")]
    [InlineData("--loop")]
    [InlineData("--colour", "blue")]
    [InlineData("--loop=yes")]
    public void A_bad_option_is_named(params string[] arguments)
    {
        Assert.False(Arguments.TryParse(arguments, out _, out var error));
        Assert.Contains(arguments[0].Split('=')[0], error, StringComparison.Ordinal);
    }

    [Fact]
    public void Good_options_are_understood_in_both_spellings()
    {
        Assert.True(Arguments.TryParse(["--listen=tcp://[::1]:7071", "--path", "blocks", "--rate", "1e3", "--loop", "--seed=18446744073709551615"], out var options, out _));
        Assert.Equal((new IPEndPoint(IPAddress.IPv6Loopback, 7071), "blocks", 1_000d, true, ulong.MaxValue),
            (options.Listen, options.Path, options.TransactionsPerSecond!.Value, options.Loop, options.Seed!.Value));
        Assert.True(Arguments.TryParse([], out options, out _));
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 7070), options.Listen);
    }

    [Theory]
    [InlineData(2, "--rate", "fast")]
    [InlineData(0, "--help")]
    [InlineData(1, "--path", "no-such-file.json", "--listen", "tcp://127.0.0.1:0")]
    public async Task The_process_ends_with_the_promised_code(int code, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(SimulatorEngine).Assembly.Location, .. arguments])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(code, process.ExitCode);
        Assert.Equal(code == 0, error.Length == 0);
    }
}
