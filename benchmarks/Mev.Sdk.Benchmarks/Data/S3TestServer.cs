using System.Diagnostics;
using System.Globalization;
using Amazon.Runtime;
using Amazon.S3;
using Mev.Sdk.Storage.S3;

namespace Mev.Sdk.Benchmarks.Data;

/// <summary>The S3 server of eng/servers/s3.sh, with a bucket; ended with this program.</summary>
internal sealed class S3TestServer : IDisposable
{
    private readonly string _script;
    private readonly string _folder;

    public S3TestServer()
    {
        _script = Path.Combine(RepositoryFolder.Path ?? throw new InvalidOperationException("The S3 server is started by eng/servers/s3.sh: run this from a checkout."), "eng", "servers", "s3.sh");
        var answer = Run("start", "--for", Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        var values = answer.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split('=', 2)).ToDictionary(static pair => pair[0], static pair => pair[1], StringComparer.Ordinal);
        _folder = values["MEV_S3_FOLDER"];
        Options = new S3Options
        {
            Bucket = "archive",
            ServiceUrl = values["MEV_S3_URL"],
            AccessKeyId = values["MEV_S3_ACCESS_KEY"],
            SecretAccessKey = values["MEV_S3_SECRET_KEY"],
            ForcePathStyle = true,
        };
        var configuration = new AmazonS3Config { ServiceURL = Options.ServiceUrl, ForcePathStyle = true, AuthenticationRegion = "us-east-1" };
        using var client = new AmazonS3Client(new BasicAWSCredentials(Options.AccessKeyId, Options.SecretAccessKey), configuration);
        client.PutBucketAsync(Options.Bucket).GetAwaiter().GetResult();
    }

    public S3Options Options { get; }

    public void Dispose() => Run("stop", _folder);

    private string Run(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(_script, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"eng/servers/s3.sh: {errors.GetAwaiter().GetResult().Trim()}");
    }
}
