using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Mev.Sdk.Storage.AzureBlobs.Tests;

public sealed class AzureBlobOptionsTests
{
    private const string Connection = "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=aGVsbG8=;EndpointSuffix=core.windows.net";

    [Fact]
    public void Validate_names_every_wrong_key()
    {
        var options = new AzureBlobOptions { Container = " ", Prefix = "no-slash", BlockBytes = 5, MaxRetries = -1, Timeout = TimeSpan.Zero };
        var problems = options.Validate().ToList();
        foreach (var key in new[] { "Container", "Prefix", "ConnectionString", "BlockBytes", "MaxRetries", "Timeout" })
        {
            Assert.Single(problems, problem => problem.StartsWith($"Mev:Storage:AzureBlobs:{key} ", StringComparison.Ordinal));
        }

        Assert.Empty(new AzureBlobOptions { Container = "c", Prefix = "a/b/", ConnectionString = Connection }.Validate());
        var thrown = Assert.Throws<ArgumentException>(() => new AzureBlobStore(options));
        Assert.Contains("Mev:Storage:AzureBlobs:Container", thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hush-hush")]
    [InlineData("AccountName=a;AccountKey=hush-hush")]
    public void Connection_string_that_is_none_is_refused_and_not_shown(string connection)
    {
        var thrown = Assert.Throws<ArgumentException>(() => new AzureBlobStore(new AzureBlobOptions { Container = "c", ConnectionString = connection }));
        Assert.Contains("Mev:Storage:AzureBlobs:ConnectionString", thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", thrown.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void UseAzureBlobs_makes_the_container_the_hosts_blob_store()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IBlobStore>(static _ => throw new InvalidOperationException("the one before"));
        services.AddMevSdk().UseAzureBlobs(static o => (o.Container, o.ConnectionString) = ("first", Connection)).UseAzureBlobs(static o => o.Container = "second");
        using var provider = services.BuildServiceProvider();
        Assert.Same(provider.GetRequiredService<AzureBlobStore>(), Assert.Single(provider.GetServices<IBlobStore>()));
        Assert.Equal("second", provider.GetRequiredService<IOptions<AzureBlobOptions>>().Value.Container);
    }

    [Fact]
    public void Key_that_no_option_has_is_an_error()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Mev:Storage:AzureBlobs:Container", "c"), new("Mev:Storage:AzureBlobs:Containr", "x")]).Build();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddMevSdk().UseAzureBlobs();
        services.Configure<AzureBlobOptions>(configuration.GetSection("Mev:Storage:AzureBlobs"));
        using var provider = services.BuildServiceProvider();
        var thrown = Assert.ThrowsAny<Exception>(() => provider.GetRequiredService<AzureBlobStore>());
        Assert.Contains("Containr", thrown.Message, StringComparison.Ordinal);
    }
}
