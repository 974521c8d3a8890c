using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Tests.Support;

namespace Mev.Sdk.Ingest.Tests.Session;

/// <summary>However the bytes are cut, the same records come out.</summary>
public sealed class EngineSessionSplitTests
{
    private static readonly byte[] Stream = Frames.Concat(
        EngineBytes.Hello(next: 8),
        EngineBytes.Records(1, 3),
        EngineBytes.Heartbeat(3),
        EngineBytes.Record(3),
        EngineBytes.Records(4, 5),
        EngineBytes.Records(7, 8),
        EngineBytes.Goodbye(8));

    public static TheoryData<bool> Ways => [true, false];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task RunAsync_one_piece(bool arriving) => await CheckAsync(arriving, Stream);

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task RunAsync_one_byte_a_piece(bool arriving) => await CheckAsync(arriving, [.. Stream.Select(value => new[] { value })]);

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task RunAsync_every_two_way_split(bool arriving)
    {
        for (var at = 0; at <= Stream.Length; at++)
        {
            await CheckAsync(arriving, Stream[..at], Stream[at..]);
        }
    }

    [Fact]
    public async Task RunAsync_random_splits_with_empty_segments()
    {
        var random = new Random(20260727);
        for (var round = 0; round < 500; round++)
        {
            int[] cuts = [0, .. Enumerable.Range(0, random.Next(1, 12)).Select(_ => random.Next(Stream.Length + 1)).Order(), Stream.Length];
            await CheckAsync(arriving: false, [.. cuts.Zip(cuts.Skip(1)).Select(cut => Stream[cut.First..cut.Second])]);
        }
    }

    [Fact]
    public async Task RunAsync_every_truncation_delivers_a_prefix_and_says_that_the_stream_broke()
    {
        for (var length = 0; length < Stream.Length; length++)
        {
            var stand = new SessionStand();

            var end = await stand.RunAsync(Stream[..length]);

            Assert.Equal(SessionEndKind.Broken, end.Kind);
            Assert.Equal(new long[] { 1, 2, 3, 4, 5, 7, 8 }.Take(stand.Sink.Numbers.Count), stand.Sink.Numbers);
        }
    }

    [Fact]
    public async Task RunAsync_frames_inside_segments_are_not_copied_and_straddling_ones_are_counted()
    {
        var whole = new SessionStand();
        await whole.RunAsync(Stream);
        Assert.Equal(0, whole.Snapshot.Straddles);

        var hello = EngineBytes.Hello(next: 8).Length;
        var cut = new SessionStand();
        await cut.RunAsync(Stream[..(hello + 8)], Stream[(hello + 8)..]);
        Assert.Equal(1, cut.Snapshot.Straddles);
    }

    private static async Task CheckAsync(bool arriving, params byte[][] pieces)
    {
        var stand = new SessionStand();

        var end = arriving ? await stand.RunArrivingAsync(pieces) : await stand.RunAsync(pieces);

        Assert.Equal(new SessionEnd(SessionEndKind.EndOfStream, "done"), end);
        Assert.Equal([1, 2, 3, 4, 5, 7, 8], stand.Sink.Numbers);
        Assert.Equal([1UL, 2, 3, 4, 5, 7, 8], stand.Sink.All.Where(seen => seen.Number > 0).Select(seen => seen.Position.Sequence));
        Assert.Equal(1, stand.Snapshot.Duplicates);
        Assert.Equal(7, stand.Snapshot.Frames);
        var gap = Assert.Single(stand.Gaps.GetGaps());
        Assert.Equal((6UL, 6UL), (gap.FirstSequence, gap.LastSequence));
        Assert.Equal(1UL, stand.SubscribedFrom);
    }
}
