namespace Mev.Sdk.Tests.Contracts;

public sealed class BlobNameTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("objects/0000/0000000000000001-00000000000000ff.mevarc")]
    [InlineData("A-Z_0.9/x..y")]
    public void Name_of_good_parts_is_valid(string name)
    {
        Assert.True(BlobName.IsValid(name));
        BlobName.ThrowIfInvalid(name);
        for (var length = 0; length <= name.Length; length++)
        {
            BlobName.ThrowIfInvalidPrefix(name[..length]);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData(".")]
    [InlineData("a/..")]
    [InlineData("../a")]
    [InlineData(".a")]
    [InlineData("a.")]
    [InlineData("a b")]
    [InlineData("a:b")]
    [InlineData("\u00E4")]
    public void Name_that_breaks_the_rule_is_refused_with_the_rule(string name)
    {
        Assert.False(BlobName.IsValid(name));
        var refused = Assert.Throws<ArgumentException>(() => BlobName.ThrowIfInvalid(name));
        Assert.Contains("parts of A-Z", refused.Message, StringComparison.Ordinal);
        Assert.Equal("name", refused.ParamName);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("a//")]
    [InlineData("../")]
    [InlineData(".")]
    [InlineData("a b")]
    [InlineData("a/.")]
    public void Prefix_that_no_name_begins_with_is_refused(string prefix) =>
        Assert.Contains($"'{prefix}'", Assert.Throws<ArgumentException>(() => BlobName.ThrowIfInvalidPrefix(prefix)).Message, StringComparison.Ordinal);

    [Fact]
    public void Lengths_have_their_limits()
    {
        var part = new string('a', BlobName.MaxPartLength);
        Assert.True(BlobName.IsValid(part));
        Assert.False(BlobName.IsValid(part + "a"));
        var longest = string.Join('/', part, part, part, new string('b', BlobName.MaxLength - (3 * BlobName.MaxPartLength) - 3));
        Assert.Equal(BlobName.MaxLength, longest.Length);
        BlobName.ThrowIfInvalidPrefix(longest);
        Assert.False(BlobName.IsValid(longest + "b"));
        var shown = Assert.Throws<ArgumentException>(() => BlobName.ThrowIfInvalid(longest + "b"));
        Assert.True(shown.Message.Length < 500);
        Assert.Throws<ArgumentNullException>(() => BlobName.ThrowIfInvalid(null));
    }

    [Fact]
    public void Condition_says_what_it_asks_for()
    {
        Assert.Equal(default, BlobCondition.None);
        Assert.True(BlobCondition.IfAbsent is { RequiresAbsence: true, RequiredETag: null });
        Assert.True(BlobCondition.IfMatch("t") is { RequiresAbsence: false, RequiredETag: "t" });
        Assert.Throws<ArgumentException>(() => BlobCondition.IfMatch(""));
    }
}
