using Mev.Sdk.Storage.Archive;
using Mev.Sdk.Storage.Archive.Objects;

namespace Mev.Sdk.Storage.Tests.Archive.Objects;

public sealed class ArchiveSetTests
{
    private readonly MemoryBlobStore _store = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ranges_and_signatures_go_across_objects()
    {
        var records = Write(objects: 4);
        var archive = new ArchiveSet(_store);
        ArchiveHarness.AssertSame(records, await archive.ReadArchivedAsync(cancellationToken: Cancellation).CollectAsync());
        Assert.Equal(4, archive.Objects.Count);
        var range = ArchiveRange.OfLsns(records[50].Lsn, records[330].Lsn);
        ArchiveHarness.AssertSame(records[50..331], await archive.ReadArchivedAsync(range, cancellationToken: Cancellation).CollectAsync());
        Assert.Equal(records.Count, (await archive.ReadAsync(cancellationToken: Cancellation).CollectAsync()).Count);
        foreach (var record in records.Where(static (r, i) => i % 20 == 0 && !TransactionSignatures.Of(r.Frame).IsEmpty))
        {
            var signature = TransactionSignatures.Of(record.Frame)[0];
            ArchiveHarness.AssertSame([record], await archive.FindArchivedAsync(signature, cancellationToken: Cancellation).CollectAsync());
            Assert.Single(await archive.FindAsync(signature, cancellationToken: Cancellation).CollectAsync());
            Assert.Empty(await archive.FindAsync(signature, ArchiveRange.OfLsns(records[^1].Lsn.Add(1)), cancellationToken: Cancellation).CollectAsync());
        }
    }

    [Fact]
    public async Task A_lookup_costs_one_request_once_indexes_are_there_and_two_at_most_an_object_to_get_them()
    {
        var records = Write(objects: 3);
        var archive = new ArchiveSet(_store);
        await archive.RefreshAsync(Cancellation);
        var wanted = records.Where(static r => !TransactionSignatures.Of(r.Frame).IsEmpty).ToList();
        await archive.FindAsync(TransactionSignatures.Of(wanted[^1].Frame)[0], cancellationToken: Cancellation).CollectAsync();
        Assert.InRange(_store.Reads, 1, 4);
        Assert.Equal((1, 0), (_store.Lists, _store.Infos));

        var requests = new List<int>();
        foreach (var record in wanted)
        {
            _store.Reads = 0;
            await archive.FindAsync(TransactionSignatures.Of(record.Frame)[0], cancellationToken: Cancellation).CollectAsync();
            requests.Add(_store.Reads);
        }

        // A second one is that of an object whose index took the signature for its own, once in 256.
        Assert.True(requests.Count(static r => r > 1) <= 3 + (requests.Count / 40), string.Join(' ', requests));
        Assert.InRange(requests.Max(), 1, 2);
        TestContext.Current.TestOutputHelper?.WriteLine($"{requests.Count} lookups: {requests.Count(static r => r == 0)} without a request (in a root), {requests.Count(static r => r == 1)} with one, {requests.Count(static r => r == 2)} with two.");
    }

    [Fact]
    public async Task An_index_that_had_to_go_is_read_again_with_one_request()
    {
        var records = Write(objects: 3, small: false);
        var archive = new ArchiveSet(_store, options: new ArchiveReaderOptions { IndexCacheBytes = 1 << 20, RootCacheBytes = 1 << 20 });
        var wanted = records.Where(static r => !TransactionSignatures.Of(r.Frame).IsEmpty).ToList();
        foreach (var record in wanted.Where(static (_, i) => i % 40 == 0))
        {
            ArchiveHarness.AssertSame([record], await archive.FindArchivedAsync(TransactionSignatures.Of(record.Frame)[0], cancellationToken: Cancellation).CollectAsync());
        }
    }

    [Fact]
    public async Task Records_that_two_objects_hold_are_given_once()
    {
        var records = ArchiveHarness.Records(1, 200);
        Put(records[..120]);
        Put(records[80..]);
        var archive = new ArchiveSet(_store);
        ArchiveHarness.AssertSame(records, await archive.ReadArchivedAsync(cancellationToken: Cancellation).CollectAsync());
        foreach (var record in records[80..120].Where(static r => !TransactionSignatures.Of(r.Frame).IsEmpty))
        {
            ArchiveHarness.AssertSame([record], await archive.FindArchivedAsync(TransactionSignatures.Of(record.Frame)[0], cancellationToken: Cancellation).CollectAsync());
        }
    }

    [Fact]
    public async Task Verification_walks_all_objects_and_reports_every_damage()
    {
        Write(objects: 4);
        var names = _store.Names.ToList();
        var archive = new ArchiveSet(_store);
        Assert.Empty((await archive.VerifyAsync(cancellationToken: Cancellation)).Damages);
        var second = (await archive.OpenAsync(archive.Objects[1], Cancellation)).File;
        _store[names[1]][second.Blocks[2].Offset + 9] ^= 1;
        _store[names[2]][^1] ^= 1;
        _store["objects/0000/something-else"] = [1];
        _store[ArchiveNames.Of(new Lsn(500_000), new Lsn(500_001))] = _store[names[0]];
        var last = default(ArchiveVerifyProgress);
        var report = await archive.VerifyAsync(new Last(progress => last = progress), Cancellation);
        Assert.Equal([(names[1], "leaf 2"), (names[2], "the trailer"), (ArchiveNames.Of(new Lsn(500_000), new Lsn(500_001)), "the name")], report.Damages.Select(static d => (d.Object, d.Section)));
        Assert.Equal(new ArchiveVerifyProgress(5, 5, report.Bytes, report.Bytes, report.Frames, 3), last);
    }

    [Fact]
    public async Task Reading_past_a_damaged_object_is_asked_for()
    {
        var records = Write(objects: 3);
        _store[_store.Names[1]][^1] ^= 1;
        var archive = new ArchiveSet(_store);
        await Assert.ThrowsAsync<InvalidDataException>(() => archive.ReadAsync(cancellationToken: Cancellation).CollectAsync());
        var damages = new List<ArchiveDamage>();
        var found = await archive.ReadArchivedAsync(options: new ArchiveReadOptions { OnDamage = damages.Add }, cancellationToken: Cancellation).CollectAsync();
        var damage = Assert.Single(damages);
        ArchiveHarness.AssertSame(records.Where(r => r.Lsn < damage.FirstLsn || r.Lsn > damage.LastLsn).ToList(), found);
    }

    [Theory]
    [InlineData("objects/0001/0001000000000005-0001000000000009.mevarc", true)]
    [InlineData("objects/0001/0002000000000005-0001000000000009.mevarc", false)]
    [InlineData("objects/0001/0001000000000009-0001000000000005.mevarc", false)]
    [InlineData("objects/0001/0001000000000005-0001000000000009.mevarx", false)]
    [InlineData("objects/00010001000000000005-0001000000000009.mevarc1", false)]
    public void Names_say_log_and_range(string name, bool isOne)
    {
        Assert.Equal(isOne, ArchiveNames.TryParse(name, out var first, out var last));
        if (isOne)
        {
            Assert.Equal(name, ArchiveNames.Of(first, last));
            Assert.StartsWith(ArchiveNames.PrefixOf(1), name, StringComparison.Ordinal);
        }
    }

    private List<ArchivedRecord> Write(int objects, bool small = true)
    {
        var all = new List<ArchivedRecord>();
        for (var i = 0; i < objects; i++)
        {
            var records = ArchiveHarness.Records(i, 150, (ulong)(i * 100_000) + 1);
            Put(records, small);
            all.AddRange(records);
        }

        return all;
    }

    private void Put(List<ArchivedRecord> records, bool small = true)
    {
        var bytes = ArchiveHarness.Write(records, out var info, small ? null : new ArchiveWriterOptions());
        _store[ArchiveNames.Of(info.FirstLsn, info.LastLsn)] = bytes;
    }

    private sealed class Last(Action<ArchiveVerifyProgress> take) : IProgress<ArchiveVerifyProgress>
    {
        public void Report(ArchiveVerifyProgress value) => take(value);
    }
}
