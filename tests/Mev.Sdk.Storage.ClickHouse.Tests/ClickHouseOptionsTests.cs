using Mev.Sdk.Storage.Projection;
using Mev.Sdk.Storage.Relational;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Mev.Sdk.Storage.ClickHouse.Tests;

public sealed class ClickHouseOptionsTests
{
    [Fact]
    public void Each_wrong_option_is_named_with_its_key_and_a_store_refuses_them()
    {
        var wrong = new ClickHouseOptions
        {
            Url = "ftp://x", Database = "a b", User = " ", Cluster = "c'", RetentionDays = -1, MaxRetries = 21, Timeout = TimeSpan.Zero,
        };
        var problems = wrong.Validate().ToList();
        foreach (var key in (string[])["Url", "Database", "User", "Cluster", "RetentionDays", "MaxRetries", "Timeout"])
        {
            Assert.Single(problems, problem => problem.StartsWith($"Mev:Storage:ClickHouse:{key} ", StringComparison.Ordinal));
        }

        var thrown = Assert.Throws<ArgumentException>(() => new ClickHouseStore(wrong));
        Assert.Contains("Mev:Storage:ClickHouse:Url", thrown.Message, StringComparison.Ordinal);
        Assert.Empty(new ClickHouseOptions { Url = "http://localhost:8123" }.Validate());
    }

    [Fact]
    public void Password_in_the_address_is_refused_and_not_repeated()
    {
        var problem = Assert.Single(new ClickHouseOptions { Url = "http://me:secret@localhost:8123" }.Validate());
        Assert.DoesNotContain("secret", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", string.Concat(new ClickHouseOptions { Url = "ftp://me:secret@localhost" }.Validate()), StringComparison.Ordinal);
    }

    [Fact]
    public void UseClickHouse_puts_the_store_and_its_own_projector_behind_the_contracts()
    {
        var services = new ServiceCollection();
        services.AddMevSdk().UseClickHouse(static o => o.Url = "http://127.0.0.1:1").UseClickHouse();
        using var provider = services.BuildServiceProvider();
        var store = provider.GetRequiredService<ClickHouseStore>();
        Assert.Same(store, provider.GetRequiredService<IHistoryReader>());
        Assert.Same(store, Assert.Single(provider.GetServices<IProjectionTarget>()));
        Assert.Single(services, static s => s.ServiceType == typeof(IHostedService));
    }

    [Fact]
    public void Unknown_key_of_the_section_is_told()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Mev:Storage:ClickHouse:Url", "http://x"), new("Mev:Storage:ClickHouse:Databse", "y")]).Build();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration);
        services.Configure<ClickHouseOptions>(configuration.GetSection("Mev:Storage:ClickHouse"));
        services.AddMevSdk().UseClickHouse();
        using var provider = services.BuildServiceProvider();
        var refused = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IOptions<ClickHouseOptions>>().Value);
        Assert.Contains("Databse", refused.Message, StringComparison.Ordinal);
    }
}
