using System.Text;
using System.Text.Json;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Tests.Relational;

public sealed class RowTextTests
{
    [Theory]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("Gewürz 🌶")]
    public void Text_that_every_database_takes_stays_as_it_is(string text) =>
        Assert.Equal(text, Encoding.UTF8.GetString(RowText.Text(Encoding.UTF8.GetBytes(text))));

    [Fact]
    public void Text_with_zero_or_bytes_that_are_no_UTF8_is_made_readable()
    {
        Assert.Equal("a\uFFFDb", Encoding.UTF8.GetString(RowText.Text("a\0b"u8)));
        Assert.Equal("a\uFFFDb", Encoding.UTF8.GetString(RowText.Text([(byte)'a', 0xFF, (byte)'b'])));
    }

    [Theory]
    [InlineData("""{"b": 1, "a":[1.50,-2e10,1E+3,null,true]}""")]
    [InlineData("""{ "text" : "\u00e9 \ud83c\udf36 \\ \"" }""")]
    [InlineData("12")]
    public void Json_stays_as_it_is_to_the_byte(string json) => Assert.Equal(json, Encoding.UTF8.GetString(RowText.Json(Encoding.UTF8.GetBytes(json))));

    [Theory]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("no json")]
    [InlineData("""{"a":"\u0000"}""")]
    [InlineData("""{"a":"\ud800"}""")]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("[1e401]")]
    [InlineData("[1e-99999999999999]")]
    public void What_is_no_json_that_every_database_takes_becomes_a_json_string_of_it(string text)
    {
        var json = RowText.Json(Encoding.UTF8.GetBytes(text));
        Assert.Equal(text, JsonSerializer.Deserialize<string>(json));
    }

    [Fact]
    public void Json_that_is_too_deep_or_too_long_a_number_becomes_a_string()
    {
        var deep = new string('[', 65) + new string(']', 65);
        Assert.Equal((byte)'"', RowText.Json(Encoding.UTF8.GetBytes(deep))[0]);
        Assert.Equal((byte)'"', RowText.Json(Encoding.UTF8.GetBytes(new string('9', 401)))[0]);
        Assert.Equal((byte)'9', RowText.Json(Encoding.UTF8.GetBytes(new string('9', 400)))[0]);
        Assert.Equal("\"\uFFFD\"", JsonDocument.Parse(RowText.Json([0xFF]).ToArray()).RootElement.GetRawText().Replace("\\uFFFD", "\uFFFD", StringComparison.Ordinal));
    }
}
