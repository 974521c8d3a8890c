using FsCheck.Xunit;
using Mev.Sdk.Storage.Archive.Coding;

namespace Mev.Sdk.Storage.Tests.Archive;

public sealed class SymbolCoderTests
{
    [Property(MaxTest = 200)]
    public void Symbols_of_every_kind_come_back(ulong[] values, byte kinds)
    {
        var coder = new SymbolCoder();
        coder.BeginEncoding();
        Code(coder, values, kinds, AssertSame: false);
        coder.Finish(out var coded, out var plain);
        coder.Clear();
        coder.BeginDecoding(coded.ToArray(), plain.ToArray());
        Code(coder, values, kinds, AssertSame: true);
    }

    [Fact]
    public void What_repeats_costs_next_to_nothing()
    {
        var coder = new SymbolCoder();
        coder.BeginEncoding();
        for (var i = 0; i < 100_000; i++)
        {
            coder.Byte(1, (byte)'a');
            coder.Number(2, 123_456, 20);
        }

        coder.Finish(out var coded, out var plain);
        Assert.True(plain.IsEmpty);
        Assert.InRange(coded.Length, 1, 4000);
    }

    private static void Code(SymbolCoder coder, ulong[] values, byte kinds, bool AssertSame)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i] >> (i % 64);
            var context = (uint)(kinds * i % 5);
            var given = AssertSame ? 0 : value;
            var (number, flag) = (coder.Number(context, given), coder.Flag(context, (given & 1) != 0));
            var (signed, letter) = (coder.Signed(context, (long)given, 5), coder.Byte(context, (byte)given));
            var (symbol, bits) = (coder.Symbol(context, (int)(given & 0x7FF), 11), coder.Plain(given & 0x1FFF_FFFF_FFFF, 45));
            if (AssertSame)
            {
                Assert.Equal((value, (value & 1) != 0, (long)value, (byte)value), (number, flag, signed, letter));
                Assert.Equal(((int)(value & 0x7FF), value & 0x1FFF_FFFF_FFFF), (symbol, bits));
            }
        }
    }
}
