using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Mev.Sdk.Storage.S3.Tests;

public sealed class S3OptionsTests
{
    [Fact]
    public void Validate_names_every_wrong_key_and_shows_no_secret()
    {
        var options = new S3Options
        {
            Bucket = " ",
            Prefix = "no-slash",
            ServiceUrl = "ftp://x",
            SecretAccessKey = "hush",
            PartBytes = 5,
            MaxRetries = -1,
            Timeout = TimeSpan.Zero,
        };
        var problems = options.Validate().ToList();
        foreach (var key in new[] { "Bucket", "Prefix", "ServiceUrl", "AccessKeyId", "PartBytes", "MaxRetries", "Timeout" })
        {
            Assert.Single(problems, problem => problem.StartsWith($"Mev:Storage:S3:{key} ", StringComparison.Ordinal));
        }

        Assert.DoesNotContain(problems, static problem => problem.Contains("hush", StringComparison.Ordinal));
        Assert.Empty(new S3Options { Bucket = "b", Prefix = "a/b/", ServiceUrl = "https://s3.example.org" }.Validate());
        var thrown = Assert.Throws<ArgumentException>(() => new S3BlobStore(options));
        Assert.Contains("Mev:Storage:S3:Bucket", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void UseS3_makes_the_bucket_the_hosts_blob_store()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IBlobStore>(static _ => throw new InvalidOperationException("the one before"));
        services.AddMevSdk().UseS3(static o => (o.Bucket, o.Region) = ("first", "eu-central-1")).UseS3(static o => (o.Bucket, o.AccessKeyId, o.SecretAccessKey) = ("second", "id", "secret"));
        using var provider = services.BuildServiceProvider();
        Assert.Same(provider.GetRequiredService<S3BlobStore>(), Assert.Single(provider.GetServices<IBlobStore>()));
        Assert.Equal("second", provider.GetRequiredService<IOptions<S3Options>>().Value.Bucket);
    }

    [Fact]
    public void Key_that_no_option_has_is_an_error()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Mev:Storage:S3:Bucket", "b"), new("Mev:Storage:S3:Buckett", "x")]).Build();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddMevSdk().UseS3();
        services.Configure<S3Options>(configuration.GetSection("Mev:Storage:S3"));
        using var provider = services.BuildServiceProvider();
        var thrown = Assert.ThrowsAny<Exception>(() => provider.GetRequiredService<S3BlobStore>());
        Assert.Contains("Buckett", thrown.Message, StringComparison.Ordinal);
    }
}
