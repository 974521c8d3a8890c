using Mev.Sdk.Storage;

namespace Mev.Sdk.Storage.Tests;

public sealed class DataDirectoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(DataKind.Chain)]
    [InlineData(DataKind.Simulated)]
    public void Folder_is_marked_and_opens_again_for_the_same_kind(DataKind kind)
    {
        for (var i = 0; i < 2; i++)
        {
            using var data = DataDirectory.Open(_folder.Combine("new", "data"), kind);
            Assert.Equal(kind, data.Kind);
            Assert.Equal(_folder.Combine("new", "data", "journal"), data.JournalPath);
        }
    }

    [Fact]
    public void Other_kind_is_refused_and_the_message_says_what_to_do()
    {
        DataDirectory.Open(_folder.Path, DataKind.Chain).Dispose();
        var e = Assert.Throws<InvalidOperationException>(() => DataDirectory.Open(_folder.Path, DataKind.Simulated));
        Assert.Contains("holds data of the real chain", e.Message, StringComparison.Ordinal);
        Assert.Contains("Mev:DataDirectory", e.Message, StringComparison.Ordinal);
        DataDirectory.Open(_folder.Path, DataKind.Chain).Dispose();
    }

    [Fact]
    public void Folder_in_use_is_refused()
    {
        using var data = DataDirectory.Open(_folder.Path, DataKind.Chain);
        Assert.Contains("in use", Assert.Throws<IOException>(() => DataDirectory.Open(_folder.Path, DataKind.Chain)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"format\":\"mev-data\",\"version\":1}")]
    [InlineData("{\"format\":\"mev-data\",\"version\":1,\"kind\":\"7\"}")]
    [InlineData("{\"format\":\"other\",\"version\":1,\"kind\":\"chain\"}")]
    [InlineData("{\"format\":\"mev-data\",\"version\":2,\"kind\":\"chain\"}")]
    public void Marker_that_is_not_understood_is_refused_by_name(string marker)
    {
        File.WriteAllText(_folder.Combine(DataDirectory.MarkerFileName), marker);
        Assert.Contains(DataDirectory.MarkerFileName, Assert.Throws<InvalidDataException>(() => DataDirectory.Open(_folder.Path, DataKind.Chain)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_of_something_else_is_left_alone()
    {
        File.WriteAllText(_folder.Combine("thesis.txt"), "mine");
        Assert.Contains("thesis.txt", Assert.Throws<InvalidDataException>(() => DataDirectory.Open(_folder.Path, DataKind.Chain)).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.Combine(DataDirectory.MarkerFileName)));
    }

    [Fact]
    public void Path_through_a_file_is_refused()
    {
        File.WriteAllText(_folder.Combine("file"), "");
        Assert.Contains("cannot be made", Assert.Throws<IOException>(() => DataDirectory.Open(_folder.Combine("file", "data"), DataKind.Chain)).Message, StringComparison.Ordinal);
    }
}
