using EngineSimulator.Tests;
using Mev.Sdk.DashboardHost.Archive;
using Mev.Sdk.DashboardHost.Tests.Support;

namespace Mev.Sdk.DashboardHost.Tests;

public sealed class ArchiveCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly BlockFolder _blocks = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose()
    {
        _folder.Dispose();
        _blocks.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task Imported_blocks_are_listed_verified_and_exported()
    {
        _blocks.Add(500, 3);
        _blocks.Add(501, 2);

        Assert.Equal(0, await RunAsync("import", _blocks.Path, "--on-bad-file", "stop"));
        Assert.Contains("2 files (0 were there before), 5 transactions", Taken(), StringComparison.Ordinal);
        Assert.Contains("2/2 files", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, await RunAsync("import", _blocks.Path));
        Assert.Contains("0 files (2 were there before), 0 transactions", Taken(), StringComparison.Ordinal);
        Assert.Equal(0, await RunAsync("list"));
        Assert.Contains("slots 500-501  7 records  5 transactions", Taken(), StringComparison.Ordinal);
        Assert.Equal(0, await RunAsync("verify"));
        Assert.Contains("7 records read, 0 damages", Taken(), StringComparison.Ordinal);
        Assert.Equal(0, await RunAsync("export", "--to", _folder.Combine("x.parquet"), "--slots", "501-501"));
        Assert.Contains("2 rows of Transactions", Taken(), StringComparison.Ordinal);
        Assert.Equal(0, await RunAsync("export", $"--to={_folder.Combine("x.arrow")}", "--table=blocks"));
        Assert.Contains("2 rows of Blocks", Taken(), StringComparison.Ordinal);
        Assert.Equal(0, await RunAsync("export", "--to", _folder.Combine("x.arrows"), "--raw", "yes"));
        Assert.True(new FileInfo(_folder.Combine("x.arrows")).Length > 1000);
    }

    [Fact]
    public async Task Database_is_restored_and_compared_with_what_was_noted_of_another_one()
    {
        _blocks.Add(500, 3);
        _blocks.Add(501, 2);
        await RunAsync("import", _blocks.Path);
        var (one, two, noted) = (_folder.Combine("one.duckdb"), _folder.Combine("two.duckdb"), _folder.Combine("noted.json"));
        Taken();

        Assert.Equal(0, await RunAsync("restore", "--to", one));
        Assert.StartsWith("7 records up to LSN ", Taken(), StringComparison.Ordinal);
        Assert.Equal(0, await ArchiveCommand.RunAsync(["manifest", "--of", one, "--to", noted], _output, _error, TestContext.Current.CancellationToken));
        Assert.Contains("rows up to LSN ", Taken(), StringComparison.Ordinal);
        Assert.Equal(0, await RunAsync("restore", "--to", two, "--check", noted));
        Assert.Contains("7 records up to LSN", Taken(), StringComparison.Ordinal);
        Assert.Equal(0, await RunAsync("restore", "--to", two));
        Assert.StartsWith("0 records up to LSN ", Taken(), StringComparison.Ordinal);

        var json = await File.ReadAllTextAsync(noted, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(noted, json.Replace("\"rows\": 5", "\"rows\": 6", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        Assert.Equal(ArchiveCommand.Found, await RunAsync("restore", "--to", two, "--check", noted));
        Assert.Contains("differs: transactions slot-0: 5 rows, 6 were noted", Taken(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_that_cannot_be_taken_is_told_and_the_exit_code_says_so()
    {
        _blocks.Add(500, 1);
        await File.WriteAllTextAsync(Path.Combine(_blocks.Path, "block-499.json"), "{", TestContext.Current.CancellationToken);

        Assert.Equal(ArchiveCommand.Found, await RunAsync("import", _blocks.Path));

        Assert.Contains("not taken: block-499.json: line 1", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("1 files (0 were there before)", Taken(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damage_is_told_with_its_object_and_the_exit_code_says_so()
    {
        _blocks.Add(500, 20);
        await RunAsync("import", _blocks.Path);
        var file = Assert.Single(Directory.GetFiles(_folder.Combine("archive"), "*.mevarc", SearchOption.AllDirectories));
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        bytes[400] ^= 1;
        File.SetAttributes(file, FileAttributes.Normal);
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);
        Taken();

        Assert.Equal(ArchiveCommand.Found, await RunAsync("verify"));

        var output = Taken();
        Assert.Contains("damaged: ", output, StringComparison.Ordinal);
        Assert.Contains(Path.GetFileName(file), output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("usage: archive import DIR")]
    [InlineData("usage: archive import DIR", "burn")]
    [InlineData("needs one folder", "import")]
    [InlineData("no folder", "import", "/nowhere/at/all")]
    [InlineData("--fast", "import", "x", "--fast", "1")]
    [InlineData("--log-id is 'x'", "import", "x", "--log-id", "x")]
    [InlineData("--on-bad-file is 'maybe'; there are: Skip, Stop", "import", "x", "--on-bad-file", "maybe")]
    [InlineData("--to", "export")]
    [InlineData(".parquet", "export", "--to", "x.csv")]
    [InlineData("--slots is '9-1'", "export", "--to", "x.parquet", "--slots", "9-1")]
    [InlineData("--table is 'moons'", "export", "--to", "x.parquet", "--table", "moons")]
    [InlineData("has no value", "verify", "--archive")]
    [InlineData("needs --to FILE.duckdb", "restore")]
    [InlineData("needs --of FILE.duckdb", "manifest")]
    [InlineData("no database", "manifest", "--of", "/nowhere/at/all.duckdb", "--to", "x.json")]
    public async Task What_cannot_be_done_is_said_in_a_line(string said, params string[] args)
    {
        var code = args is ["verify" or "manifest", ..] ? await ArchiveCommand.RunAsync(args, _output, _error, TestContext.Current.CancellationToken) : await RunAsync(args);

        Assert.Equal(ArchiveCommand.Failed, code);
        Assert.Contains(said, _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ended_import_says_that_it_can_go_on()
    {
        _blocks.Add(500, 1);
        using var stopping = new CancellationTokenSource();
        await stopping.CancelAsync();

        Assert.Equal(ArchiveCommand.Cancelled, await ArchiveCommand.RunAsync(["import", _blocks.Path, "--archive", _folder.Combine("archive")], _output, _error, stopping.Token));

        Assert.Contains("start it again", _error.ToString(), StringComparison.Ordinal);
    }

    private Task<int> RunAsync(params string[] args) =>
        ArchiveCommand.RunAsync(args.Length == 0 || args is ["burn", ..] ? args : [.. args, "--archive", _folder.Combine("archive")], _output, _error, TestContext.Current.CancellationToken);

    private string Taken()
    {
        var text = _output.ToString();
        _output.GetStringBuilder().Clear();
        return text;
    }
}
