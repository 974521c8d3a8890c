using System.Diagnostics;
using Amazon.Runtime;
using Amazon.S3;

[assembly: AssemblyFixture(typeof(Mev.Sdk.Storage.S3.Tests.S3Server))]

namespace Mev.Sdk.Storage.S3.Tests;

/// <summary>The server that all tests of a run share: the one that MEV_S3_URL names, or one that eng/servers/s3.sh starts and ends.</summary>
public sealed class S3Server : IAsyncLifetime
{
    private const int NotInstalled = 3;
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(4);

    private string? _missing;
    private string? _folder;

    public string Url { get; private set; } = "";

    public string AccessKey { get; private set; } = "";

    public string SecretKey { get; private set; } = "";

    /// <summary>A bucket that is there.</summary>
    public string Bucket { get; } = $"tests-{Guid.NewGuid():N}";

    /// <summary>Skips the test that asks where there is no server; with CI=true it fails.</summary>
    public void Demand()
    {
        if (_missing is not null)
        {
            Assert.SkipUnless(string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase), _missing);
            Assert.Fail(_missing);
        }
    }

    public S3Options Options(string prefix = "") => new()
    {
        Bucket = Bucket,
        Prefix = prefix,
        ServiceUrl = Url,
        AccessKeyId = AccessKey,
        SecretAccessKey = SecretKey,
        ForcePathStyle = true,
        PartBytes = 5 << 20,
        MaxRetries = 2,
    };

    /// <summary>A client whose requests and answers pass by somebody.</summary>
    public AmazonS3Client Client(HttpClientFactory? passesBy = null) => new(new BasicAWSCredentials(AccessKey, SecretKey), new AmazonS3Config
    {
        ServiceURL = Url,
        AuthenticationRegion = "us-east-1",
        ForcePathStyle = true,
        MaxErrorRetry = 2,
        HttpClientFactory = passesBy,
        RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
        ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
    });

    public async ValueTask InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("MEV_S3_URL") is { Length: > 0 } url)
        {
            (Url, AccessKey, SecretKey) = (url, Environment.GetEnvironmentVariable("MEV_S3_ACCESS_KEY") ?? "", Environment.GetEnvironmentVariable("MEV_S3_SECRET_KEY") ?? "");
        }
        else
        {
            await StartAsync();
        }

        if (_missing is null)
        {
            using var client = Client();
            await client.PutBucketAsync(Bucket);
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
            _missing = code == NotInstalled ? $"There is no S3 server on this machine: {errors.Trim()}" : $"eng/servers/s3.sh start ended with code {code}: {errors.Trim()}";
            return;
        }

        var values = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split('=', 2)).ToDictionary(static pair => pair[0], static pair => pair[1]);
        (Url, AccessKey, SecretKey, _folder) = (values["MEV_S3_URL"], values["MEV_S3_ACCESS_KEY"], values["MEV_S3_SECRET_KEY"], values["MEV_S3_FOLDER"]);
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
            return (NotInstalled, "", "eng/servers/s3.sh runs from a checkout, on Linux.");
        }

        using var patience = new CancellationTokenSource(StartPatience);
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(folder.FullName, "eng", "servers", "s3.sh"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token));
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, await output, await errors);
    }
}
