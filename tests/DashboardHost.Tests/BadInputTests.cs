using System.Net;
using System.Net.Sockets;
using Mev.Sdk.DashboardHost.Engine;
using Mev.Sdk.DashboardHost.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace Mev.Sdk.DashboardHost.Tests;

public sealed class BadInputTests
{
    [Theory]
    [InlineData("--urls=http://0.0.0.0:5080", "ssh -L 5080:127.0.0.1:5080 user@host")]
    [InlineData("--Mev:Engine:Endpoint=localhost:7070", "Mev:Engine:Endpoint")]
    [InlineData("--Mev:Replay:Path=nowhere.json", "nowhere.json")]
    [InlineData("--Mev:Replay:Paht=x.json", "Mev:Replay:Paht")]
    [InlineData("--Mev:Live:FeedRows=many", "Mev:Live:FeedRows")]
    [InlineData("--Mev:Engine:TransactionsPerSecond=0", "Mev:Engine:TransactionsPerSecond")]
    [InlineData("--Mev:Live:RowsPerUpdate=0", "Mev:Live:RowsPerUpdate")]
    [InlineData("--Mev:Storage:Journal:Fsync=Sometimes", "Mev:Storage:Journal:Fsync is 'Sometimes'; give Interval, EveryCommit or None.")]
    [InlineData("--Mev:Storage:Jornal:Fsync=None", "Mev:Storage:Jornal is no option; there are Archive, ")]
    [InlineData("--Mev:Ingest:Views:LiveView:MaxBytes=12", "Mev:Ingest:Views:LiveView:MaxBytes is 12; give bytes between")]
    public async Task Start_with_a_bad_option_ends_with_one_line_that_names_it(string argument, string named)
    {
        using var folder = new TemporaryFolder();
        await AssertRefused(folder, named, argument);
    }

    [Fact]
    public async Task Start_with_a_truncated_replay_file_names_the_file()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Combine("block.json");
        await File.WriteAllTextAsync(file, """{"blockhash": "HPGE1rkrYqcRpASsdqA2zzetCGa8DD6mCTDus3tei2fN", "transactions": [{"transac""", TestContext.Current.CancellationToken);
        await AssertRefused(folder, "block.json", $"--Mev:Replay:Path={file}");
    }

    [Fact]
    public async Task Start_on_a_taken_port_names_it()
    {
        using var folder = new TemporaryFolder();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await AssertRefused(folder, $"127.0.0.1:{port}", $"--urls=http://127.0.0.1:{port}");
    }

    [Fact]
    public async Task Start_with_a_data_directory_that_cannot_be_made_names_it()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.Combine("file"), "not a folder", TestContext.Current.CancellationToken);
        await AssertRefused(folder, folder.Combine("file"), $"--Mev:DataDirectory={folder.Combine("file/data")}");
    }

    [Fact]
    public async Task Configuration_file_that_is_no_json_is_named_with_line_and_byte()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Combine("appsettings.json");
        await File.WriteAllTextAsync(file, "{\n  \"Mev\": { \"Source\": solana-rpc }\n}", TestContext.Current.CancellationToken);
        var exception = Assert.Throws<InvalidDataException>(() => new ConfigurationBuilder().AddJsonFile(file).Build());
        Assert.Equal($"Failed to load configuration from file '{file}': line 2, byte 22 is where it stops being JSON.", FailureText.Describe(exception));
    }

    private static async Task AssertRefused(TemporaryFolder folder, string named, params string[] arguments)
    {
        await using var host = HostProcess.Start(folder.FullPath, arguments);
        var code = await host.ExitAsync();
        Assert.NotEqual(0, code);
        var line = Assert.Single(host.Errors);
        Assert.StartsWith("error: ", line, StringComparison.Ordinal);
        Assert.Contains(named, line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", line, StringComparison.Ordinal);
    }
}
