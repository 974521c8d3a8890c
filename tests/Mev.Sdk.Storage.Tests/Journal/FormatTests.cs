using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Mev.Sdk.Storage.Journal;

namespace Mev.Sdk.Storage.Tests.Journal;

public sealed class FormatTests
{
    [Fact]
    public void Values_on_disk_are_the_documented_ones()
    {
        Assert.Equal([0, 1], Enum.GetValues<BlockCodec>().Select(static v => (int)v));
        Assert.Equal([0, 1, 2], Enum.GetValues<BlockKind>().Select(static v => (int)v));
        Assert.Equal([0, 1], Enum.GetValues<DataKind>().Select(static v => (int)v));
    }

    [Theory]
    [InlineData(nameof(BlockHeader.Codec), 6)]
    [InlineData(nameof(BlockHeader.RawLength), 8)]
    [InlineData(nameof(BlockHeader.SourceId), 16)]
    [InlineData(nameof(BlockHeader.SessionId), 24)]
    [InlineData(nameof(BlockHeader.FirstLsn), 40)]
    [InlineData(nameof(BlockHeader.DurableLength), 72)]
    [InlineData(nameof(BlockHeader.NonceCounter), 80)]
    [InlineData(nameof(BlockHeader.LastTimeNanoseconds), 88)]
    [InlineData(nameof(BlockHeader.AuthenticationTag), 96)]
    [InlineData(nameof(BlockHeader.TemplateMap), 112)]
    [InlineData(nameof(BlockHeader.PayloadCrc32C), 120)]
    [InlineData(nameof(BlockHeader.HeaderCrc32C), 124)]
    public void Block_header_fields_stand_where_the_note_says(string field, int offset) =>
        Assert.Equal(offset, (int)Marshal.OffsetOf<BlockHeader>(field));

    [Theory]
    [InlineData(nameof(SegmentHeader.LogId), 10)]
    [InlineData(nameof(SegmentHeader.FirstLsn), 16)]
    [InlineData(nameof(SegmentHeader.SegmentNumber), 32)]
    [InlineData(nameof(SegmentHeader.KeyId), 40)]
    [InlineData(nameof(SegmentHeader.NoncePrefix), 56)]
    [InlineData(nameof(SegmentHeader.KeyCheck), 68)]
    [InlineData(nameof(SegmentHeader.Crc32C), 124)]
    public void Segment_header_fields_stand_where_the_note_says(string field, int offset) =>
        Assert.Equal(offset, (int)Marshal.OffsetOf<SegmentHeader>(field));

    [Fact]
    public void Headers_have_their_size()
    {
        Assert.Equal(128, Unsafe.SizeOf<SegmentHeader>());
        Assert.Equal(128, Unsafe.SizeOf<BlockHeader>());
    }

    [Fact]
    public async Task Segment_on_disk_begins_with_its_magic_and_a_nonce_of_its_own()
    {
        using var folder = new TemporaryFolder();
        var nonces = new HashSet<string>();
        for (ulong run = 0; run < 3; run++)
        {
            await using var journal = RecordJournal.Open(JournalHarness.Options(folder.Path));
            await journal.WriteAsync(5, firstSequence: run * 5 + 1);
        }

        foreach (var path in Directory.GetFiles(folder.Path, "*.mevj"))
        {
            var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
            Assert.Equal("MEVJSEG\u001A"u8.ToArray(), bytes[..8]);
            Assert.Equal("MEVB"u8.ToArray(), bytes[128..132]);
            Assert.True(nonces.Add(Convert.ToHexString(bytes[56..68])));
        }

        Assert.Equal(3, nonces.Count);
    }

    /// <summary>Any mixture of batch sizes, frame sizes and sources comes back as it went in, also after a restart.</summary>
    [Property(MaxTest = 25)]
    public Property Any_batches_come_back_in_order() => Prop.ForAll(
        Gen.Choose(1, 40).Zip(Gen.Choose(0, 3000)).Zip(Gen.Choose(1, 3)).ListOf(12).ToArbitrary(),
        batches => RoundTripAsync([.. batches.Select(static b => (b.Item1.Item1, b.Item1.Item2, (uint)b.Item2))]).GetAwaiter().GetResult());

    private static async Task<bool> RoundTripAsync(List<(int Count, int WireBytes, uint Source)> batches)
    {
        using var folder = new TemporaryFolder();
        var expected = new List<StoredRecord>();
        var next = new Dictionary<uint, ulong>();
        foreach (var half in batches.Chunk(6))
        {
            await using var journal = RecordJournal.Open(JournalHarness.Options(folder.Path, static o => o.CommitInterval = TimeSpan.FromMilliseconds(1)));
            foreach (var (count, wireBytes, source) in half)
            {
                var first = next.GetValueOrDefault(source) + 1;
                next[source] = first + (ulong)count - 1;
                var batch = TestRecords.Transactions(journal.NextLsn, count, first, source, session: source * 10, wireBytes);
                JournalHarness.Collect(batch, expected);
                await journal.WriteAsync(batch);
                batch.Release();
            }
        }

        await using var again = RecordJournal.Open(JournalHarness.Options(folder.Path));
        var read = await again.ReadAllAsync();
        return read.Count == expected.Count
            && read.Zip(expected).All(static p => p.First.Lsn == p.Second.Lsn && p.First.Position == p.Second.Position && p.First.Frame.AsSpan().SequenceEqual(p.Second.Frame))
            && again.DurablePositions.All(p => next[p.SourceId] == p.Sequence);
    }
}
