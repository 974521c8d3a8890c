using System.Numerics;
using FsCheck.Xunit;

namespace Mev.Sdk.Tests;

public sealed class Base58Tests
{
    [Theory]
    [InlineData("11111111111111111111111111111111")]
    [InlineData("So11111111111111111111111111111111111111112")]
    [InlineData("675kPX9MHTjS2zt1qfr1NYHuzeLXfQM9H24wFSUt1Mp8")]
    [InlineData("JEKNVnkbo3jma5nREBBJCDoXFVeKkD56V3xKrvRmWxFG")] // 2^256 - 1
    public void Pubkey_text_survives_parse_and_format(string text) =>
        Assert.Equal(text, Pubkey.Parse(text).ToString());

    [Fact]
    public void Extremes_encode_to_their_longest_and_shortest_text()
    {
        Assert.Equal(new string('1', 64), default(Signature).ToString());
        var all = new byte[64];
        all.AsSpan().Fill(0xFF);
        Assert.Equal(Signature.MaxTextLength, new Signature(all).ToString().Length);
        Assert.Equal(new Signature(all), Signature.Parse(new Signature(all).ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0OIl")]
    [InlineData("So1111111111111111111111111111111111111111")]
    [InlineData("So111111111111111111111111111111111111111122")]
    [InlineData("JEKNVnkbo3jma5nREBBJCDoXFVeKkD56V3xKrvRmWxFH")] // 2^256
    [InlineData("é675kPX9MHTjS2zt1qfr1NYHuzeLXfQM9H24wFSUt1Mp")]
    public void Text_that_is_not_a_key_is_refused(string text)
    {
        Assert.False(Pubkey.TryParse(text, null, out _));
        Assert.Throws<FormatException>(() => Pubkey.Parse(text));
    }

    [Property]
    public bool Fixed_sizes_agree_with_long_division(byte[] data, byte leadingZeros)
    {
        var bytes32 = Fit(data, 32, leadingZeros);
        var bytes64 = Fit(data, 64, leadingZeros);
        return new Pubkey(bytes32).ToString() == Reference(bytes32)
            && new Signature(bytes64).ToString() == Reference(bytes64)
            && Pubkey.Parse(Reference(bytes32)) == new Pubkey(bytes32)
            && Signature.Parse(Reference(bytes64)) == new Signature(bytes64);
    }

    [Property]
    public bool Vectors_and_columns_agree(byte[] data, byte leadingZeros)
    {
        var (bytes32, bytes64) = (Fit(data, 32, leadingZeros), Fit(data, 64, leadingZeros));
        Span<byte> one = new byte[Signature.MaxTextLength], other = new byte[Signature.MaxTextLength];
        var same = true;
        foreach (var (tables, bytes) in new[] { (Base58Fixed.Tables32, bytes32), (Base58Fixed.Tables64, bytes64) })
        {
            var length = Base58Fixed.Encode(tables, bytes, one, vectors: true);
            same &= length == Base58Fixed.Encode(tables, bytes, other, vectors: false) && one[..length].SequenceEqual(other[..length]);
        }

        return same;
    }

    [Property]
    public bool Any_length_round_trips_and_agrees_with_long_division(byte[] data)
    {
        var text = Base58.Encode(data);
        var decoded = new byte[data.Length];
        return text == Reference(data)
            && Base58.TryDecode(System.Text.Encoding.ASCII.GetBytes(text), decoded, out var written)
            && written == data.Length
            && decoded.AsSpan().SequenceEqual(data);
    }

    [Fact]
    public void A_destination_that_is_too_small_is_reported_and_not_overrun()
    {
        var buffer = new byte[8];
        Assert.False(Base58.TryDecode("675kPX9MHTjS2zt1qfr1NYHuzeLXfQM9H24wFSUt1Mp8"u8, buffer.AsSpan(0, 7), out _));
        Assert.Equal(0, buffer[7]);
        Assert.Throws<ArgumentException>(() => Base58.Encode(new byte[32], new byte[10]));
    }

    private static byte[] Fit(byte[] data, int size, int zeros)
    {
        var result = new byte[size];
        new Random(data.Length + (data.Length > 0 ? data[0] : 0)).NextBytes(result);
        data.AsSpan(0, Math.Min(data.Length, size)).CopyTo(result);
        result.AsSpan(0, zeros % (size + 1)).Clear();
        return result;
    }

    private static string Reference(ReadOnlySpan<byte> bytes)
    {
        const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
        var value = new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
        var text = "";
        for (; value > 0; value /= 58)
        {
            text = Alphabet[(int)(value % 58)] + text;
        }

        var zeros = bytes.IndexOfAnyExcept((byte)0);
        return new string('1', zeros < 0 ? bytes.Length : zeros) + text;
    }
}
