using System.Text;
using Mev.Sdk.Ingest;
using Mev.Sdk.Native.Tests.Support;

namespace Mev.Sdk.Native.Tests;

/// <summary>The proof of a shared key between the two implementations.</summary>
[Trait("Needs", "native")]
public sealed class KeyTests
{
    private const string Key = "0123456789abcdef0123456789abcdef";
    private const string Other = "fedcba9876543210fedcba9876543210";

    [Fact]
    public async Task Right_key_is_served_also_while_keys_are_exchanged()
    {
        using var folder = new TemporaryFolder();
        await using var engine = await NativeEngine.StartAsync("--key", Other, "--key", Key);
        await engine.DoAsync("metrics 1 10");
        await using var host = await TestHost.StartAsync(engine.Endpoint, folder.Path, options => options.KeyBytes = Encoding.ASCII.GetBytes(Key));

        await host.Sink.WaitForAsync(engine.SessionId, 10);
        await host.AcknowledgedAsync(10);
    }

    [Theory]
    [InlineData(Key, Other, "Unauthorized")]
    [InlineData(Key, null, "has none")]
    [InlineData(null, Key, "asks for no proof")]
    public async Task Wrong_or_missing_key_is_served_nothing(string? engineKey, string? hostKey, string reason)
    {
        using var folder = new TemporaryFolder();
        await using var engine = await NativeEngine.StartAsync(engineKey is null ? [] : ["--key", engineKey]);
        await engine.DoAsync("metrics 1 10");
        await using var host = await TestHost.StartAsync(engine.Endpoint, folder.Path, options =>
        {
            options.KeyBytes = hostKey is null ? default : Encoding.ASCII.GetBytes(hostKey);
        });

        await Eventually.BecomesAsync(
            () => host.Source.State == SourceState.Disconnected && host.Source.Reason.Contains(reason, StringComparison.Ordinal),
            () => $"{host.Source.State}: {host.Source.Reason}");
        Assert.Empty(host.Sink.Of(engine.SessionId));
        Assert.DoesNotContain(Key, engine.Log, StringComparison.Ordinal);
        Assert.StartsWith("11 1 0 0 0 ", await engine.TellAsync("stats"), StringComparison.Ordinal);
    }
}
