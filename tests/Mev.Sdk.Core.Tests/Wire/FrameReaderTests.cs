using System.Buffers;
using System.Runtime.InteropServices;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Tests.Wire;

public sealed class FrameReaderTests
{
    private static readonly byte[] Stream = Frames.Stream();

    [Fact]
    public void Every_prefix_of_a_stream_yields_its_whole_frames_and_asks_for_more()
    {
        int[] ends = FrameEnds(Stream);
        for (var length = 0; length <= Stream.Length; length++)
        {
            // A right-sized copy: a read past the end would throw.
            var buffer = new ReadOnlySpan<byte>(Stream[..length]);
            var reader = new FrameReader();
            var count = 0;
            while (reader.TryRead(ref buffer, out var frame) == FrameStatus.Done)
            {
                Assert.Equal((ulong)++count, MemoryMarshal.Read<FrameHeader>(frame).Sequence);
            }

            Assert.Equal(FrameError.None, reader.Error);
            Assert.Equal(ends.Count(e => e > 0 && e <= length), count);
            Assert.Equal(ends[count], reader.Position);
        }
    }

    [Fact]
    public void Bytes_behind_a_frame_are_never_taken_for_it()
    {
        var frame = Frames.Transaction(1);
        byte[] guarded = [.. frame, .. Enumerable.Repeat((byte)0xFF, 64)];
        var buffer = new ReadOnlySpan<byte>(guarded);
        var reader = new FrameReader();
        Assert.Equal(FrameStatus.Done, reader.TryRead(ref buffer, out var read));
        Assert.True(read.SequenceEqual(frame));
        Assert.Equal(FrameStatus.Malformed, reader.TryRead(ref buffer, out _));
        Assert.Equal(frame.Length, reader.Position);
        Assert.Equal(FrameError.LengthTooLarge, reader.Error);
    }

    [Fact]
    public void Measuring_agrees_for_every_two_way_split_and_for_one_byte_a_segment()
    {
        var frame = Frames.Metric(1, "split");
        for (var split = 0; split <= frame.Length; split++)
        {
            AssertMeasures(Segments.Of(frame[..split], frame[split..]), frame.Length);
        }

        AssertMeasures(Segments.Of([.. frame.Select(static b => new[] { b })]), frame.Length);
        for (var length = 0; length < frame.Length; length++)
        {
            var reader = new FrameReader();
            Assert.Equal(FrameStatus.NeedMoreData, reader.TryMeasure(Segments.Of([.. frame[..length].Select(static b => new[] { b })]), out _));
        }
    }

    [Theory]
    [InlineData(0u, FrameError.LengthTooSmall)]
    [InlineData(31u, FrameError.LengthTooSmall)]
    [InlineData(41u, FrameError.LengthUnaligned)]
    [InlineData(0x8000_0000u, FrameError.LengthTooLarge)]
    [InlineData(uint.MaxValue, FrameError.LengthTooLarge)]
    public void A_length_no_writer_makes_is_refused_at_once_and_named(uint length, FrameError expected)
    {
        var bytes = new byte[sizeof(uint)];
        MemoryMarshal.Write(bytes, length);
        var buffer = new ReadOnlySpan<byte>(bytes);
        var reader = new FrameReader(WireFormat.DefaultMaxFrameBytes, position: 4096);
        Assert.Equal(FrameStatus.Malformed, reader.TryRead(ref buffer, out _));
        Assert.Equal(expected, reader.Error);
        var exception = reader.ToException();
        Assert.Equal(4096, exception.Position);
        Assert.Contains("byte 4096", exception.Message, StringComparison.Ordinal);
        Assert.Contains(length.ToString(System.Globalization.CultureInfo.InvariantCulture), exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_flipped_bit_of_a_frame_is_found()
    {
        var frame = Frames.Metric(3, "bits");
        for (var bit = 0; bit < frame.Length * 8; bit++)
        {
            var broken = frame.ToArray();
            broken[bit / 8] ^= (byte)(1 << (bit % 8));
            var buffer = new ReadOnlySpan<byte>(broken);
            var reader = new FrameReader();
            // A length that grew waits for bytes that never come; everything else is refused.
            Assert.NotEqual(FrameStatus.Done, reader.TryRead(ref buffer, out _));
        }
    }

    [Fact]
    public void A_valid_checksum_does_not_excuse_another_schema_or_a_block_outside_the_frame()
    {
        var foreign = Frames.Metric(1, "x");
        MemoryMarshal.AsRef<FrameHeader>(foreign.AsSpan()).SchemaId = 1;
        FrameWriter.Stamp(foreign, 1, 1);
        Assert.Equal(FrameError.UnknownSchema, FrameReader.Check(foreign));

        var outside = Frames.Metric(1, "x");
        MemoryMarshal.AsRef<FrameHeader>(outside.AsSpan()).BlockLength = ushort.MaxValue;
        FrameWriter.Stamp(outside, 1, 1);
        Assert.Equal(FrameError.BlockTooLong, FrameReader.Check(outside));
    }

    [Property(MaxTest = 500)]
    public void Random_bytes_end_in_a_status_never_in_an_exception(byte[] noise)
    {
        var buffer = new ReadOnlySpan<byte>(noise);
        var reader = new FrameReader();
        while (reader.TryRead(ref buffer, out _) == FrameStatus.Done)
        {
        }

        Assert.InRange(reader.Position, 0, noise.Length);
    }

    private static void AssertMeasures(ReadOnlySequence<byte> sequence, int length)
    {
        var reader = new FrameReader();
        Assert.Equal(FrameStatus.Done, reader.TryMeasure(in sequence, out var measured));
        Assert.Equal(length, measured);
    }

    private static int[] FrameEnds(byte[] stream)
    {
        var ends = new List<int> { 0 };
        while (ends[^1] < stream.Length)
        {
            ends.Add(ends[^1] + (int)MemoryMarshal.Read<uint>(stream.AsSpan(ends[^1])));
        }

        return [.. ends];
    }
}
