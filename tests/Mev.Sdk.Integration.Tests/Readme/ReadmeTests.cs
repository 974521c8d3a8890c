namespace Mev.Sdk.Integration.Tests.Readme;

[Collection(nameof(CurrentFolder))]
public sealed class ReadmeTests
{
    [Fact]
    public void Example_is_the_code_that_the_tests_compile() => Assert.Equal(Snippets.InTests(), Snippets.InReadme());

    [Fact]
    public async Task Example_counts_the_swaps_of_its_slot() =>
        Assert.Matches("^[1-9][0-9]* swaps seen, every frame kept in .mev/data$", await CurrentFolder.RunExampleAsync());
}
