using FsCheck.Xunit;
using Mev.Sdk.Internal;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Tests.Wire;

public sealed class Crc32CTests
{
    private const int LongestTried = 4096;

    // Each way by itself, since the processor and the length decide which one Append takes.
    private static readonly (string Name, bool Supported, int Min, Way Append)[] Ways =
    [
        ("plain", true, 0, Crc32C.AppendPlain),
        ("chains", Crc32CChains.IsSupported, 0, Crc32CChains.Append),
        ("vector", Crc32CVector.IsSupported, Crc32CVector.MinBytes, Crc32CVector.Append),
        ("chosen", true, 0, Crc32C.Append),
    ];

    private delegate uint Way(uint crc, ReadOnlySpan<byte> bytes);

    // RFC 3720 appendix B.4, and the check value of the CRC catalogue.
    [Fact]
    public void Published_vectors_agree()
    {
        Assert.Equal(0xE3069283u, Crc32C.Compute("123456789"u8));
        Assert.Equal(0x8A9136AAu, Crc32C.Compute(new byte[32]));
        Assert.Equal(0x62A8AB43u, Crc32C.Compute(Enumerable.Repeat((byte)0xFF, 32).ToArray()));
        Assert.Equal(0x46DD794Eu, Crc32C.Compute([.. Enumerable.Range(0, 32).Select(static i => (byte)i)]));
        Assert.Equal(0x113FDB5Cu, Crc32C.Compute([.. Enumerable.Range(0, 32).Select(static i => (byte)(31 - i))]));
    }

    [Fact]
    public void Every_length_and_start_agrees_with_the_bitwise_definition()
    {
        var data = new byte[LongestTried + 64];
        new Random(3720).NextBytes(data);
        for (var start = 0; start < 16; start++)
        {
            var expected = Crc32C.Initial;
            for (var length = 0; length <= LongestTried; length++)
            {
                var bytes = data.AsSpan(start, length);
                foreach (var (name, supported, min, append) in Ways)
                {
                    if (supported && length >= min && append(Crc32C.Initial, bytes) != expected)
                    {
                        Assert.Fail($"{name}: {length} bytes from {start} differ.");
                    }
                }

                expected = AppendBits(expected, data[start + length]);
            }
        }
    }

    [Fact]
    public void Bytes_around_the_span_do_not_matter()
    {
        for (var length = 0; length <= 640; length++)
        {
            var zeros = new byte[length + 128];
            var ones = Enumerable.Repeat((byte)0xFF, length + 128).ToArray();
            new Random(length).NextBytes(zeros.AsSpan(64, length));
            zeros.AsSpan(64, length).CopyTo(ones.AsSpan(64));
            Assert.Equal(Crc32C.Compute(zeros.AsSpan(64, length)), Crc32C.Compute(ones.AsSpan(64, length)));
        }
    }

    [Property]
    public bool Every_way_goes_on_from_any_running_value(uint crc, byte[] seed, ushort length, byte start)
    {
        var data = Repeat(seed, start + length);
        var bytes = data.AsSpan(start);
        var expected = crc;
        foreach (var value in bytes)
        {
            expected = AppendBits(expected, value);
        }

        foreach (var (_, supported, min, append) in Ways)
        {
            if (supported && bytes.Length >= min && append(crc, bytes) != expected)
            {
                return false;
            }
        }

        return true;
    }

    [Property]
    public bool Appending_in_parts_equals_the_whole(byte[] seed, ushort length, ushort at)
    {
        var data = Repeat(seed, length);
        var split = data.Length == 0 ? 0 : at % data.Length;
        return ~Crc32C.Append(Crc32C.Append(Crc32C.Initial, data.AsSpan(0, split)), data.AsSpan(split)) == Crc32C.Compute(data);
    }

    [Fact]
    public void The_vector_way_refuses_less_than_a_step() =>
        Assert.Throws<ArgumentOutOfRangeException>(static () => Crc32CVector.Append(0, new byte[Crc32CVector.MinBytes - 1]));

    // The definition, one bit at a time, sharing nothing with the code under test.
    private static uint AppendBits(uint crc, byte value)
    {
        crc ^= value;
        for (var bit = 0; bit < 8; bit++)
        {
            crc = (crc >> 1) ^ ((crc & 1) == 0 ? 0 : 0x82F63B78);
        }

        return crc;
    }

    private static byte[] Repeat(byte[] seed, int length)
    {
        var data = new byte[length];
        for (var i = 0; i < length; i++)
        {
            data[i] = (byte)((seed.Length == 0 ? 0 : seed[i % seed.Length]) + (i >> 3));
        }

        return data;
    }
}
