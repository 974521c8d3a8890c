using Mev.Sdk.Ingest.Solana.Internal;

namespace Mev.Sdk.Ingest.Solana.Tests.Blocks;

public sealed class ShortBase58Tests
{
    [Fact]
    public void TryDecode_gives_what_was_encoded_for_every_length_and_any_leading_zeros()
    {
        var random = new Random(3);
        for (var length = 0; length <= 1400; length = length < 120 ? length + 1 : length + 97)
        {
            for (var zeros = 0; zeros <= Math.Min(length, 10); zeros++)
            {
                var bytes = new byte[length];
                random.NextBytes(bytes);
                bytes.AsSpan(0, zeros).Clear();
                AssertDecodes(bytes);
                bytes.AsSpan(zeros).Fill(255);
                AssertDecodes(bytes);
            }
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("O")]
    [InlineData("abcl")]
    [InlineData("2222222222222222222222I")]
    [InlineData("a b")]
    public void TryDecode_refuses_what_is_not_base58(string text) =>
        Assert.False(ShortBase58.TryDecode(System.Text.Encoding.ASCII.GetBytes(text), new byte[200], out _));

    [Theory]
    [InlineData("0", true, 0)]
    [InlineData("255", true, 255)]
    [InlineData("256", false, 0)]
    [InlineData("1e2", false, 0)]
    [InlineData("-1", false, 0)]
    [InlineData("1.0", false, 0)]
    public void TryByte_takes_digits_only(string text, bool isByte, int value)
    {
        Assert.Equal(isByte, Digits.TryByte(System.Text.Encoding.ASCII.GetBytes(text), out var read));
        Assert.Equal(value, isByte ? read : 0);
    }

    [Theory]
    [InlineData("18446744073709551615", true)]
    [InlineData("18446744073709551616", false)]
    [InlineData("9999999999999999999", true)]
    [InlineData("1e5", false)]
    [InlineData("100000000000000000000000", false)]
    public void TryNumber_takes_what_fits(string text, bool fits)
    {
        Assert.Equal(fits, Digits.TryNumber(System.Text.Encoding.ASCII.GetBytes(text), out var read));
        Assert.Equal(fits ? text : "0", fits ? read.ToString(System.Globalization.CultureInfo.InvariantCulture) : "0");
    }

    private static void AssertDecodes(byte[] bytes)
    {
        var text = Base58.Encode(bytes);
        var decoded = new byte[2100];
        Assert.True(ShortBase58.TryDecode(System.Text.Encoding.ASCII.GetBytes(text), decoded, out var length));
        Assert.Equal(bytes, decoded[..length]);
    }
}
