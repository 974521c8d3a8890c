using Mev.Sdk.Configuration;
using Mev.Sdk.Storage.Internal;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Mev.Sdk.Storage.Tests.DependencyInjection;

/// <summary>What stands in the configuration and means nothing is told, in words that name key and remedy.</summary>
public sealed class ConfigurationCheckTests
{
    [Theory]
    [InlineData("Journal:Fsnyc", "EveryCommit", "Mev:Storage:Journal:Fsnyc is no option; there are BlockBytes, BufferBytes, CommitInterval, Compression, Directory, Encryption, Fsync, LogId, Retention, SegmentBytes.")]
    [InlineData("Joornal:Fsync", "EveryCommit", "Mev:Storage:Joornal is no option; there are Archive, AzureBlobs, ClickHouse, Cold, Columnar, DataDirectory, DuckDb, Health, Journal, Kind, Parquet, Postgres, Projector, Queries, S3, Tiers.")]
    [InlineData("Journal:Fsync", "Sometimes", "Mev:Storage:Journal:Fsync is 'Sometimes'; give Interval, EveryCommit or None.")]
    [InlineData("Journal:Fsync", "17", "Mev:Storage:Journal:Fsync is '17'; give Interval, EveryCommit or None.")]
    [InlineData("Kind", "Mainnet", "Mev:Storage:Kind is 'Mainnet'; give Chain or Simulated.")]
    [InlineData("Journal:BlockBytes", "1 MiB", "Mev:Storage:Journal:BlockBytes is '1 MiB'; give a whole number without separators from -2147483648 to 2147483647.")]
    [InlineData("Journal:LogId", "70000", "Mev:Storage:Journal:LogId is '70000'; give a whole number without separators from 0 to 65535.")]
    [InlineData("Journal:CommitInterval", "100ms", "Mev:Storage:Journal:CommitInterval is '100ms'; give a time as HH:MM:SS or HH:MM:SS.FFF, as in 00:00:05.")]
    [InlineData("Journal:Encryption:Required", "yes", "Mev:Storage:Journal:Encryption:Required is 'yes'; give true or false.")]
    [InlineData("Journal:Retention:MaxBytes:Total", "5", "Mev:Storage:Journal:Retention:MaxBytes is one value and has keys below it; give the value itself.")]
    [InlineData("Journal:Retention", "5", "Mev:Storage:Journal:Retention is a section and has a value of its own; set the keys below it: MaxAge, MaxBytes.")]
    public void Resolving_options_with_a_bad_key_or_value_names_it_and_what_to_write(string key, string value, string expected)
    {
        using var host = Build((key, value));
        var e = Assert.Throws<OptionsValidationException>(() => host.Services.GetRequiredService<IOptions<StorageOptions>>().Value);
        Assert.Equal([expected], e.Failures);
    }

    [Fact]
    public async Task Start_of_a_host_tells_all_that_is_wrong_at_once_and_no_secret()
    {
        using var host = Build(("Journal:Fsync", "Sometimes"), ("Journal:Encryption:Keyz:a", "secret"), ("Health:UnsyncedAfter", "soon"));
        var e = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));
        Assert.Equal(3, e.Failures.Count());
        Assert.DoesNotContain("secret", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolving_good_options_in_any_case_and_those_of_other_packages_is_no_error()
    {
        using var host = Build(("journal:FSYNC", "everycommit"), ("Journal:Encryption:Keys:0123", ""), ("Journal:BlockBytes", "0x10000"), ("DuckDb:Anything", "x"), ("Projector", ""));
        var check = new StorageConfigurationCheck(host.Services);
        check.Configure(new StorageOptions());
        check.Configure(new StorageOptions());
        new StorageConfigurationCheck(new ServiceCollection().BuildServiceProvider()).Configure(new StorageOptions());
    }

    [Fact]
    public void AddStorage_twice_checks_once() =>
        Assert.Single(Services().AddMevSdk().AddStorage().AddStorage().Services, service => service.ImplementationType == typeof(StorageConfigurationCheck));

    [Fact]
    public void Shape_an_options_class_that_was_forgotten_is_an_error_at_once()
    {
        Assert.Contains("StorageOptions.Journal has no shape", Assert.Throws<InvalidOperationException>(() => OptionShape.Of<StorageOptions>()).Message, StringComparison.Ordinal);
        Assert.NotEmpty(StorageConfigurationCheck.Shape.Children);
    }

    private static ServiceCollection Services() => new();

    // Bound before AddStorage, as READMEs show it: the binder must not come first.
    private static IHost Build(params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(settings.Select(static s => new KeyValuePair<string, string?>("Mev:Storage:" + s.Key, s.Value)));
        builder.Services.Configure<StorageOptions>(builder.Configuration.GetSection("Mev:Storage"));
        builder.Services.AddMevSdk().AddStorage();
        return builder.Build();
    }
}
