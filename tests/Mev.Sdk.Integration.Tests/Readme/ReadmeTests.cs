namespace Mev.Sdk.Integration.Tests.Readme;

[Collection(nameof(CurrentFolder))]
public sealed class ReadmeTests
{
    public static TheoryData<string> Readmes => [.. Snippets.Readmes];

    [Theory]
    [MemberData(nameof(Readmes))]
    public void Examples_are_code_that_the_tests_compile(string readme) =>
        Assert.All(Snippets.InReadme(readme), example =>
        {
            Assert.True(example.File is not null, $"{readme} has C# without a line '<!-- example: FILE -->' before it, so nothing compiles it:\n{example.Code}");
            Assert.Matches("^tests/Mev.Sdk.[A-Za-z]+.Tests/Readme/", example.File);
            Assert.Equal(Snippets.InTests(example.File), example.Code);
        });

    [Fact]
    public void Examples_of_every_package_are_among_them() => Assert.True(Snippets.Readmes.Count >= 14 && Snippets.Readmes.Contains("src/Mev.Sdk.Ingest/README.md"));

    [Fact]
    public async Task Example_counts_the_swaps_of_its_slot() =>
        Assert.Matches("^[1-9][0-9]* swaps seen, every frame kept in .mev/data$", await CurrentFolder.RunExampleAsync());
}
