using Mev.Sdk.Storage.Archive;
using Mev.Sdk.Storage.Archive.Objects;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Tests.Archive.Objects;

public sealed class ArchiveObjectTests
{
    private readonly MemoryBlobStore _store = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(400)]
    public async Task What_was_appended_comes_back(int count)
    {
        var records = ArchiveHarness.Records(count, count);
        var archived = await ArchiveHarness.WriteAndOpenAsync(_store, records);
        ArchiveHarness.AssertSame(records, await archived.ReadArchivedAsync(cancellationToken: Cancellation).CollectAsync());
        Assert.Equal(count, archived.Info.Frames);
        Assert.Equal(records.Sum(static r => (long)r.Frame.Length), archived.Info.FrameBytes);
        Assert.Equal(records.Sum(static r => (long)r.Residual.Length), archived.Info.ResidualBytes);
        Assert.Equal((records[0].Lsn, records[^1].Lsn), (archived.Info.FirstLsn, archived.Info.LastLsn));
        Assert.Equal(count == 400, archived.Info.Blocks > 5);
    }

    [Fact]
    public async Task Batches_are_of_consecutive_records_of_one_source()
    {
        var records = ArchiveHarness.Records(3, 300);
        var archived = await ArchiveHarness.WriteAndOpenAsync(_store, records);
        var found = await archived.ReadAsync(cancellationToken: Cancellation).CollectAsync();
        Assert.Equal(records.Select(static r => (r.Lsn, r.Source)), found.Select(static r => (r.Lsn, r.Position.SourceId)));
    }

    [Fact]
    public async Task Ranges_of_lsns_give_exactly_their_records()
    {
        var records = ArchiveHarness.Records(4, 500);
        var archived = await ArchiveHarness.WriteAndOpenAsync(_store, records);
        var random = new Random(4);
        for (var run = 0; run < 40; run++)
        {
            var (first, last) = (random.Next(records.Count), random.Next(records.Count));
            (first, last) = (Math.Min(first, last), Math.Max(first, last));
            var range = ArchiveRange.OfLsns(records[first].Lsn, run % 5 == 0 ? Lsn.None : records[last].Lsn);
            var expected = run % 5 == 0 ? records[first..] : records[first..(last + 1)];
            ArchiveHarness.AssertSame(expected, await archived.ReadArchivedAsync(range, cancellationToken: Cancellation).CollectAsync());
        }
    }

    [Fact]
    public async Task Ranges_of_slots_give_exactly_their_records_and_read_no_other_blocks()
    {
        var records = ArchiveHarness.Records(5, 600);
        var archived = await ArchiveHarness.WriteAndOpenAsync(_store, records);
        var slots = records.ConvertAll(static r => new RecordView(r.Lsn, r.Frame).TryGetSlot(out var slot) ? slot : 0);
        for (var first = slots.Where(static s => s > 0).Min(); first < slots.Max(); first += 9)
        {
            var last = first + 5;
            _store.Reads = 0;
            var expected = records.Where((_, i) => slots[i] >= first && slots[i] <= last).ToList();
            ArchiveHarness.AssertSame(expected, await archived.ReadArchivedAsync(ArchiveRange.OfSlots(first, last), cancellationToken: Cancellation).CollectAsync());
            Assert.InRange(_store.Reads, 0, 1);
        }
    }

    [Fact]
    public async Task Kinds_that_are_not_asked_for_are_left_out()
    {
        var records = ArchiveHarness.Records(6, 300);
        var archived = await ArchiveHarness.WriteAndOpenAsync(_store, records);
        var found = await archived.ReadArchivedAsync(new ArchiveRange { Templates = TemplateSet.Of(TemplateIds.Metric) }, cancellationToken: Cancellation).CollectAsync();
        ArchiveHarness.AssertSame(records.Where(static r => new RecordView(r.Lsn, r.Frame).Header.TemplateId == TemplateIds.Metric).ToList(), found);
        Assert.NotEmpty(found);
    }

    [Fact]
    public async Task Every_signature_of_every_transaction_is_found_with_one_request()
    {
        var records = ArchiveHarness.Records(7, 400);
        var archived = await ArchiveHarness.WriteAndOpenAsync(_store, records);
        var signatures = records.SelectMany(static r => TransactionSignatures.Of(r.Frame).ToArray().Select(signature => (Signature: signature, Record: r))).ToList();
        Assert.Equal(signatures.Count, archived.Info.Signatures);
        await archived.ReadAsync(cancellationToken: Cancellation).CollectAsync();
        foreach (var (signature, record) in signatures)
        {
            _store.Reads = 0;
            ArchiveHarness.AssertSame([record], await archived.FindArchivedAsync(signature, Cancellation).CollectAsync());
            Assert.InRange(_store.Reads, 0, 1);
        }
    }

    [Fact]
    public async Task Every_sighting_of_one_signature_is_found_in_order()
    {
        var once = ArchiveHarness.Records(8, 300).Where(static r => !TransactionSignatures.Of(r.Frame).IsEmpty).ToList();
        var again = once.Concat(once.Where(static (_, i) => i % 3 == 0)).Concat(Enumerable.Repeat(once[0], 20))
            .Select(static (r, i) => r with { Lsn = new Lsn((ulong)i + 1) }).ToList();
        var archived = await ArchiveHarness.WriteAndOpenAsync(_store, again);
        foreach (var record in once)
        {
            var signature = TransactionSignatures.Of(record.Frame)[0];
            var expected = again.Where(r => TransactionSignatures.Of(r.Frame).Contains(signature)).ToList();
            ArchiveHarness.AssertSame(expected, await archived.FindArchivedAsync(signature, Cancellation).CollectAsync());
        }
    }

    [Fact]
    public async Task Signatures_that_are_not_there_are_not_found_and_seldom_read_for()
    {
        var archived = await ArchiveHarness.WriteAndOpenAsync(_store, ArchiveHarness.Records(9, 300));
        var random = new Random(12_345);
        var bytes = new byte[Signature.Size];
        _store.Reads = 0;
        for (var i = 0; i < 2000; i++)
        {
            random.NextBytes(bytes);
            Assert.Empty(await archived.FindAsync(new Signature(bytes), Cancellation).CollectAsync());
        }

        // Once in 256, and twice that to be sure.
        Assert.InRange(_store.Reads, 0, 2000 / 128);
    }

    [Fact]
    public async Task Opening_costs_one_request_when_the_tail_is_known_and_two_at_most_when_it_is_not()
    {
        var records = Enumerable.Range(0, 60).SelectMany(static i => ArchiveHarness.Records(i, 60, (ulong)(i * 10_000) + 1)).ToList();
        var bytes = ArchiveHarness.Write(records, out var info, new ArchiveWriterOptions { RootBytes = 4 << 20, LeafBytes = 64 << 10 });
        Assert.True(info.Length - info.TailOffset > 256 << 10, $"The tail has {info.Length - info.TailOffset} bytes.");
        _store["objects/a"] = bytes;
        await ArchiveObject.OpenAsync(_store, "objects/a", bytes.Length, null, cancellationToken: Cancellation);
        Assert.Equal((2, 0), (_store.Reads, _store.Infos));
        _store.Reads = 0;
        await ArchiveObject.OpenAsync(_store, "objects/a", bytes.Length, null, info.TailOffset, cancellationToken: Cancellation);
        Assert.Equal((1, 0), (_store.Reads, _store.Infos));
        _store.Reads = 0;

        // A hint that is wrong costs a request and nothing else.
        var archived = await ArchiveObject.OpenAsync(_store, "objects/a", bytes.Length, null, info.TailOffset + 1000, cancellationToken: Cancellation);
        Assert.Equal(2, _store.Reads);
        Assert.Equal(info, archived.Info);
    }

    [Fact]
    public async Task A_range_is_read_with_one_request_for_each_read_ahead()
    {
        var records = ArchiveHarness.Records(10, 900);
        var archived = await ArchiveHarness.WriteAndOpenAsync(_store, records);
        _store.Reads = 0;
        await archived.ReadAsync(cancellationToken: Cancellation).CollectAsync();
        Assert.Equal(1, _store.Reads);
    }

    [Fact]
    public async Task Many_readers_at_a_time_get_the_same()
    {
        var records = ArchiveHarness.Records(11, 400);
        var archived = await ArchiveHarness.WriteAndOpenAsync(_store, records);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () => ArchiveHarness.AssertSame(records, await archived.ReadArchivedAsync().CollectAsync()))));
    }

    [Fact]
    public async Task A_reader_that_stops_early_or_is_cancelled_leaks_no_batch()
    {
        var archived = await ArchiveHarness.WriteAndOpenAsync(_store, ArchiveHarness.Records(12, 300));
        await foreach (var batch in archived.ReadAsync(cancellationToken: Cancellation))
        {
            batch.Release();
            break;
        }

        using var cancelled = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var batch in archived.ReadAsync(cancellationToken: cancelled.Token))
            {
                batch.Release();
                await cancelled.CancelAsync();
            }
        });
    }

    [Fact]
    public void Writer_refuses_what_could_not_be_read_back()
    {
        using var writer = new ArchiveWriter(new MemoryStream());
        var frame = TestRecords.Metric(1);
        FrameWriter.Stamp(frame, 1, 0);
        Assert.Throws<InvalidOperationException>(() => writer.Complete());
        writer.Append(new Lsn(5), 1, 1, frame);
        Assert.Throws<ArgumentException>(() => writer.Append(new Lsn(5), 1, 1, frame));
        frame[40] ^= 1;
        Assert.Throws<ArgumentException>(() => writer.Append(new Lsn(6), 1, 1, frame));
        Assert.Throws<ArgumentException>(() => writer.Append(new Lsn(6), 1, 1, []));
        writer.Complete();
        Assert.Throws<InvalidOperationException>(() => writer.Complete());
        Assert.Contains("Mev:Storage:Archive:LeafBytes", Assert.Throws<ArgumentException>(() => new ArchiveWriter(new MemoryStream(), new ArchiveWriterOptions { LeafBytes = 1 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verification_of_a_whole_object_finds_nothing_and_tells_how_far_it_is()
    {
        var records = ArchiveHarness.Records(13, 400);
        var archived = await ArchiveHarness.WriteAndOpenAsync(_store, [.. records, .. records.Take(50).Select((r, i) => r with { Lsn = records[^1].Lsn.Add((ulong)i + 1) })]);
        var steps = new List<ArchiveVerifyProgress>();
        var report = await archived.VerifyAsync(new Steps(steps), Cancellation);
        Assert.Empty(report.Damages);
        Assert.Equal((1L, archived.Info.Length, 450L), (report.Objects, report.Bytes, report.Frames));
        Assert.Equal(new ArchiveVerifyProgress(1, 1, archived.Info.Length, archived.Info.Length, 450, 0), steps[^1]);
        Assert.True(steps.Count > archived.Info.Blocks);
    }

    private sealed class Steps(List<ArchiveVerifyProgress> into) : IProgress<ArchiveVerifyProgress>
    {
        public void Report(ArchiveVerifyProgress value) => into.Add(value);
    }
}
