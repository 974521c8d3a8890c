using Mev.Sdk.Tests.Wire;

namespace Mev.Sdk.Tests;

public sealed class KeyTests
{
    [Fact]
    public void Keys_are_equal_by_their_bytes()
    {
        var a = Frames.Random<Pubkey>(new Random(1));
        var b = Frames.Random<Pubkey>(new Random(1));
        var c = Frames.Random<Pubkey>(new Random(2));
        Assert.True(a == b && a != c && a.Equals((object)b) && a.GetHashCode() == b.GetHashCode());
        Assert.True(default(Pubkey).IsZero);
        Assert.False(a.IsZero);
        var bytes = new byte[Pubkey.Size];
        a.CopyTo(bytes);
        Assert.Equal(a, new Pubkey(bytes));
        Assert.Throws<ArgumentException>(() => new Pubkey(bytes.AsSpan(1)));
    }

    [Fact]
    public void Formatting_into_a_buffer_that_is_too_small_says_so()
    {
        var signature = Frames.Random<Signature>(new Random(3));
        var text = signature.ToString();
        var chars = new char[text.Length];
        Assert.True(signature.TryFormat(chars, out var written));
        Assert.Equal(text, new string(chars, 0, written));
        Assert.False(signature.TryFormat(new char[text.Length - 1], out _));
        var utf8 = new byte[text.Length];
        Assert.True(signature.TryFormat(utf8, out _, default, null));
        Assert.False(signature.TryFormat(new byte[text.Length - 1], out var none, default, null));
        Assert.Equal(0, none);
        Assert.Equal(text, $"{signature}");
    }
}
