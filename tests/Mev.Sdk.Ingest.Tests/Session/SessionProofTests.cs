using System.Security.Cryptography;
using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Ingest.Transports;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Tests.Session;

public sealed class SessionProofTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    // The vectors of docs/wire-format.md; the C++ side checks the same.
    private static readonly byte[] HelloFrame = TestVectors.Hello();
    private static readonly byte[] ChallengeFrame = SessionFrames.Challenge(Bytes32.From([.. Enumerable.Range(0x40, 32).Select(i => (byte)i)]));
    private static readonly Bytes32 Nonce = Bytes32.From([.. Enumerable.Range(0x80, 32).Select(i => (byte)i)]);

    [Fact]
    public void OfHost_and_OfEngine_known_answers()
    {
        var key = new SessionKey(Key);
        Assert.Equal(TestVectors.HelloHex, Convert.ToHexStringLower(HelloFrame));
        Assert.Equal(TestVectors.ChallengeHex, Convert.ToHexStringLower(ChallengeFrame));
        Assert.Equal(TestVectors.HostProofHex, Hex(SessionProof.OfHost(key, HelloFrame, ChallengeFrame, in Nonce)));
        Assert.Equal(TestVectors.EngineProofHex, Hex(SessionProof.OfEngine(key, HelloFrame, ChallengeFrame, in Nonce)));
    }

    [Fact]
    public void OfHost_is_hmac_sha256_over_label_frames_and_nonce()
    {
        byte[] transcript = [.. HelloFrame, .. ChallengeFrame, .. Bytes32.AsSpan(in Nonce)];
        Assert.Equal(
            Convert.ToHexStringLower(HMACSHA256.HashData(Key, (byte[])[.. "mev-engine-stream 1 host\0"u8, .. transcript])),
            Hex(SessionProof.OfHost(new SessionKey(Key), HelloFrame, ChallengeFrame, in Nonce)));
        Assert.Equal(
            Convert.ToHexStringLower(HMACSHA256.HashData(Key, (byte[])[.. "mev-engine-stream 1 engine\0"u8, .. transcript])),
            Hex(SessionProof.OfEngine(new SessionKey(Key), HelloFrame, ChallengeFrame, in Nonce)));
    }

    [Fact]
    public void OfHost_every_bit_of_every_part_matters()
    {
        var right = SessionProof.OfHost(new SessionKey(Key), HelloFrame, ChallengeFrame, in Nonce);
        var nonce = Bytes32.AsSpan(in Nonce).ToArray();
        byte[][] parts = [Key, HelloFrame, ChallengeFrame, Bytes32.AsSpan(in Nonce).ToArray()];
        for (var part = 0; part < parts.Length; part++)
        {
            for (var bit = 0; bit < parts[part].Length * 8; bit++)
            {
                byte[][] flipped = [.. parts.Select(bytes => bytes.ToArray())];
                flipped[part][bit / 8] ^= (byte)(1 << (bit % 8));
                var other = SessionProof.OfHost(new SessionKey(flipped[0]), flipped[1], flipped[2], Bytes32.From(flipped[3]));
                Assert.False(SessionProof.Matches(in right, in other));
            }
        }

        Assert.True(SessionProof.Matches(in right, SessionProof.OfHost(new SessionKey(Key), HelloFrame, ChallengeFrame, in Nonce)));
    }

    [Fact]
    public void SessionKey_never_shows_itself()
    {
        var key = new SessionKey(Key);
        Assert.Equal("(a key)", key.ToString());
        Assert.Equal("(a key)", $"{key}");
        Assert.Throws<ArgumentOutOfRangeException>(() => new SessionKey(new byte[15]));
    }

    [Fact]
    public void Read_key_from_each_place()
    {
        var text = Convert.ToBase64String(Key);
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, text + "\n");
            Assert.Equal(Key, ReadOk(new EngineSourceOptions { Key = text }));
            Assert.Equal(Key, ReadOk(new EngineSourceOptions { KeyBytes = Key }));
            Assert.Equal(Key, ReadOk(new EngineSourceOptions { KeyFile = file }));
            Assert.Null(ReadOk(new EngineSourceOptions()));

            File.WriteAllText(file, " \n");
            Assert.Contains("empty", ReadBad(new EngineSourceOptions { KeyFile = file }), StringComparison.Ordinal);
            File.WriteAllText(file, new string('A', 10_000));
            Assert.Contains("longer than", ReadBad(new EngineSourceOptions { KeyFile = file }), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }

        Assert.Contains($"KeyFile is '{file}', and there is no such file; make it with", ReadBad(new EngineSourceOptions { KeyFile = file }), StringComparison.Ordinal);
        Assert.Contains("more than one", ReadBad(new EngineSourceOptions { Key = text, KeyBytes = Key }), StringComparison.Ordinal);
        Assert.Contains("no base64", ReadBad(new EngineSourceOptions { Key = "secret-that-nobody-sees" }), StringComparison.Ordinal);
        Assert.DoesNotContain("nobody-sees", ReadBad(new EngineSourceOptions { Key = "secret-that-nobody-sees" }), StringComparison.Ordinal);
        Assert.Contains("has 8 bytes", ReadBad(new EngineSourceOptions { Key = Convert.ToBase64String(Key[..8]) }), StringComparison.Ordinal);
        Assert.Contains("has 15 bytes", ReadBad(new EngineSourceOptions { KeyBytes = Key.AsMemory(0, 15) }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\n")]
    public void Read_blank_key_is_an_error_and_not_no_key(string blank)
    {
        Assert.Contains("Key is empty", ReadBad(new EngineSourceOptions { Key = blank }), StringComparison.Ordinal);
        Assert.Contains("KeyFile is empty", ReadBad(new EngineSourceOptions { KeyFile = blank }), StringComparison.Ordinal);
        Assert.Contains("more than one", ReadBad(new EngineSourceOptions { Key = blank, KeyBytes = Key }), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new EngineRecordSource(new EngineSourceOptions { Endpoint = "tcp://127.0.0.1:1", Key = blank }));
    }

    [Fact]
    public void OfHost_and_OfEngine_known_answers_where_the_host_accepts()
    {
        var key = new SessionKey(Key);
        Assert.Equal(TestVectors.AcceptingHostProofHex, Hex(SessionProof.OfHost(key, HelloFrame, ChallengeFrame, in Nonce, hostAccepts: true)));
        Assert.Equal(TestVectors.AcceptingEngineProofHex, Hex(SessionProof.OfEngine(key, HelloFrame, ChallengeFrame, in Nonce, hostAccepts: true)));
        byte[] transcript = [.. HelloFrame, .. ChallengeFrame, .. Bytes32.AsSpan(in Nonce)];
        Assert.Equal(
            TestVectors.AcceptingHostProofHex,
            Convert.ToHexStringLower(HMACSHA256.HashData(Key, (byte[])[.. "mev-engine-stream 1 accepting host\0"u8, .. transcript])));
    }

    private static byte[]? ReadOk(EngineSourceOptions options)
    {
        var errors = new List<string>();
        var key = options.ReadKey("Mev:Ingest:Sources:0", errors);
        Assert.Empty(errors);
        return key?.Bytes.ToArray();
    }

    private static string ReadBad(EngineSourceOptions options)
    {
        var errors = new List<string>();
        Assert.Null(options.ReadKey("Mev:Ingest:Sources:0", errors));
        var error = Assert.Single(errors);
        Assert.Contains("Mev:Ingest:Sources:0:Key", error, StringComparison.Ordinal);
        return error;
    }

    private static string Hex(Bytes32 value) => Convert.ToHexStringLower(Bytes32.AsSpan(in value));

    private static class TestVectors
    {
        public const string HelloHex = "500000008fa1c5fee8030000000000000000db6c73fcc51820004000534d0100efcdab89674523012900000000000000e903000000000000e80300000600000008000000656e67696e652d3700000000";
        public const string ChallengeHex = "4000000070fb33490000000000000000000000000000000020004100534d0100404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f";
        public const string HostProofHex = "722b56848cfb6844361b363582df2e69fdafee97c806e45832f4bda6b8ecf9bb";
        public const string EngineProofHex = "072ea00e6f2085124d1ab5ae15148eea3405e54a53b96659b3c33d4cfd8c9f3b";

        public const string AcceptingHostProofHex = "ad858c4c8cf3acae397f3dfa58d072ee89e3784bd1015ff190009557aa0d84f8";
        public const string AcceptingEngineProofHex = "975fca9956947b2e59831b8daf80d827e0d644ec3d4261949de39a148b923f84";

        public static byte[] Hello()
        {
            var hello = new HelloMessage
            {
                SessionId = 0x0123456789ABCDEF,
                FirstRetainedSequence = 41,
                NextSequence = 1001,
                HeartbeatMilliseconds = 1000,
                Flags = StreamFlags.Authenticated | StreamFlags.Replays,
            };
            return SessionFrames.Hello(in hello, "engine-7", 1_785_110_400_000_000_000);
        }
    }
}
