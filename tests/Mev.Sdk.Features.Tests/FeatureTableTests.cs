using System.Globalization;
using System.Text;

namespace Mev.Sdk.Features.Tests;

public sealed class FeatureTableTests
{
    private const string Begin = "<!-- features: begin -->";
    private const string End = "<!-- features: end -->";

    [Fact]
    public void Document_lists_exactly_the_declared_features()
    {
        var path = Path.Combine(RepositoryRoot(), "docs", "features.md");
        var text = File.ReadAllText(path);
        var table = Table();
        var first = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var last = text.IndexOf(End, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("MEV_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(path, text[..first] + "\n" + table + text[last..]);
            return;
        }

        Assert.True(
            text[first..last].Trim() == table.Trim(),
            $"docs/features.md differs from the declared features. Run this test with MEV_UPDATE_DOCS=1 to write the table:\n{table}");
    }

    [Fact]
    public void Definitions_every_feature_states_unit_version_inputs_and_meaning()
    {
        var engine = new FeatureEngine();

        Assert.InRange(engine.Definitions.Count, 10, 100);
        Assert.Equal(engine.Schema.Columns, engine.Definitions.Select(static d => d.Column));
        Assert.All(engine.Definitions, static d =>
        {
            Assert.NotEmpty(d.Column.Unit);
            Assert.True(d.Column.Version > 0);
            Assert.NotEqual(FeatureInputs.None, d.Sees);
            Assert.EndsWith(".", d.Description, StringComparison.Ordinal);
            Assert.Equal(d.LookBackSlots != 0, d.Sees.HasFlag(FeatureInputs.Earlier));
        });
    }

    private static string Table()
    {
        var engine = new FeatureEngine();
        var table = new StringBuilder();
        table.Append(CultureInfo.InvariantCulture, $"Schema `{engine.Schema.HashText}`, {engine.Schema.Count} features.\n\n");
        table.Append("| # | name | unit | version | look-back, slots | looks at | meaning |\n|---|---|---|---|---|---|---|\n");
        for (var i = 0; i < engine.Definitions.Count; i++)
        {
            var d = engine.Definitions[i];
            var lookBack = d.LookBackSlots == int.MaxValue ? "until forgotten" : d.LookBackSlots.ToString(CultureInfo.InvariantCulture);
            var sees = d.Sees.ToString().ToLowerInvariant();
            table.Append(
                CultureInfo.InvariantCulture,
                $"| {i} | `{d.Column.Name}` | {d.Column.Unit} | {d.Column.Version} | {lookBack} | {sees} | {d.Description.Replace("|", "\\|", StringComparison.Ordinal)} |\n");
        }

        return table.ToString();
    }

    private static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Mev.Sdk.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("No Mev.Sdk.sln above the tests.");
        }

        return folder;
    }
}
