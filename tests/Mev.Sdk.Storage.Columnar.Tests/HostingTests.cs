using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Mev.Sdk.Storage.Columnar.Tests;

public sealed class HostingTests
{
    [Fact]
    public void AddColumnar_gives_both_exporters_once()
    {
        var services = new ServiceCollection();
        services.AddMevSdk().AddColumnar(static o => o.RowGroupRows = 5).AddColumnar();
        using var provider = services.BuildServiceProvider();

        Assert.Single(provider.GetServices<ParquetExporter>());
        Assert.NotNull(provider.GetRequiredService<ArrowExporter>());
        Assert.Equal(5, provider.GetRequiredService<IOptions<ColumnarOptions>>().Value.RowGroupRows);
    }

    [Fact]
    public void Option_out_of_range_is_told_by_key()
    {
        var services = new ServiceCollection();
        services.AddMevSdk().AddColumnar(static o => o.CompressionLevel = 40);
        using var provider = services.BuildServiceProvider();

        var refused = Assert.Throws<ArgumentException>(provider.GetRequiredService<ParquetExporter>);

        Assert.Contains("Mev:Storage:Columnar:CompressionLevel", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Key_that_no_option_has_is_told()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Mev:Storage:Columnar:Compresion", "3")]).Build();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddMevSdk().AddColumnar();
        using var provider = services.BuildServiceProvider();

        var refused = Assert.Throws<OptionsValidationException>(provider.GetRequiredService<ArrowExporter>);

        Assert.Contains("Compresion", refused.Message, StringComparison.Ordinal);
    }
}
