using System.Diagnostics;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;

[assembly: AssemblyFixture(typeof(Mev.Sdk.Storage.AzureBlobs.Tests.AzureServer))]

namespace Mev.Sdk.Storage.AzureBlobs.Tests;

/// <summary>The server that all tests of a run share: the one that MEV_AZURE_CONNECTION_STRING names, or one that eng/servers/azurite.sh starts and ends.</summary>
public sealed class AzureServer : IAsyncLifetime
{
    private const int NotInstalled = 3;
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(4);

    private string? _missing;
    private string? _folder;

    public string ConnectionString { get; private set; } = "";

    /// <summary>A container that is there.</summary>
    public string Container { get; } = $"tests-{Guid.NewGuid():N}";

    /// <summary>Skips the test that asks where there is no server; with CI=true it fails.</summary>
    public void Demand()
    {
        if (_missing is not null)
        {
            Assert.SkipUnless(string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase), _missing);
            Assert.Fail(_missing);
        }
    }

    public AzureBlobOptions Options(string prefix = "") => new()
    {
        Container = Container,
        Prefix = prefix,
        ConnectionString = ConnectionString,
        BlockBytes = 5 << 20,
        MaxRetries = 2,
    };

    /// <summary>A client whose requests and answers pass by somebody.</summary>
    internal BlobContainerClient Client(PassingBy? passesBy = null)
    {
        var options = new BlobClientOptions();
        options.Retry.MaxRetries = 2;
        options.Retry.Delay = TimeSpan.FromMilliseconds(10);
        options.Retry.MaxDelay = TimeSpan.FromMilliseconds(50);
        if (passesBy is not null)
        {
            options.Transport = new HttpClientTransport(passesBy.Client());
        }

        return new BlobContainerClient(ConnectionString, Container, options);
    }

    public async ValueTask InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("MEV_AZURE_CONNECTION_STRING") is { Length: > 0 } stated)
        {
            ConnectionString = stated;
        }
        else
        {
            await StartAsync();
        }

        if (_missing is null)
        {
            await Client().CreateAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_folder is not null)
        {
            await ScriptAsync("stop", _folder);
        }
    }

    private async Task StartAsync()
    {
        var (code, output, errors) = await ScriptAsync("start", "--no-install", "--for", Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (code != 0)
        {
            _missing = code == NotInstalled ? $"There is no Azure Blob server on this machine: {errors.Trim()}" : $"eng/servers/azurite.sh start ended with code {code}: {errors.Trim()}";
            return;
        }

        var values = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split('=', 2)).ToDictionary(static pair => pair[0], static pair => pair[1]);
        (ConnectionString, _folder) = (values["MEV_AZURE_CONNECTION_STRING"], values["MEV_AZURE_FOLDER"]);
    }

    private static async Task<(int Code, string Output, string Errors)> ScriptAsync(params string[] arguments)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Mev.Sdk.sln")))
        {
            folder = folder.Parent;
        }

        if (folder is null || OperatingSystem.IsWindows())
        {
            return (NotInstalled, "", "eng/servers/azurite.sh runs from a checkout, on Linux.");
        }

        using var patience = new CancellationTokenSource(StartPatience);
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(folder.FullName, "eng", "servers", "azurite.sh"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token));
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, await output, await errors);
    }
}
