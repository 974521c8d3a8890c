using FsCheck.Xunit;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Tests.Wire;

public sealed class Crc32CTests
{
    // RFC 3720 appendix B.4, and the check value of the CRC catalogue.
    [Fact]
    public void Published_vectors_agree()
    {
        Assert.Equal(0xE3069283u, Crc32C.Compute("123456789"u8));
        Assert.Equal(0x8A9136AAu, Crc32C.Compute(new byte[32]));
        Assert.Equal(0x62A8AB43u, Crc32C.Compute(Enumerable.Repeat((byte)0xFF, 32).ToArray()));
        Assert.Equal(0x46DD794Eu, Crc32C.Compute([.. Enumerable.Range(0, 32).Select(static i => (byte)i)]));
    }

    [Property]
    public bool Appending_in_parts_equals_the_whole(byte[] data, ushort at)
    {
        var split = data.Length == 0 ? 0 : at % data.Length;
        return ~Crc32C.Append(Crc32C.Append(Crc32C.Initial, data.AsSpan(0, split)), data.AsSpan(split)) == Crc32C.Compute(data);
    }
}
