using Mev.Sdk.Storage.Archive;
using Mev.Sdk.Storage.Archive.Objects;
using Mev.Sdk.Storage.Tests.Journal;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Tests.Archive.Objects;

/// <summary>Archives of which a part is damaged, was replaced, or is there twice.</summary>
public sealed class ArchiveSetFaultTests
{
    private readonly MemoryBlobStore _store = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_search_goes_on_past_objects_that_cannot_be_read()
    {
        using var keys = new ArchiveKeys(_store, TestKeys.With(1));
        var options = ArchiveHarness.Small;
        options.Key = await keys.GetCurrentAsync(Cancellation);
        var sets = Enumerable.Range(0, 4).Select(static i => ArchiveHarness.Records(i, 80, (ulong)(i * 100_000) + 1)).ToList();
        var names = sets.Select((records, i) => Put(records, i == 1 ? options : null)).ToList();
        _store[names[0]][^1] ^= 1;
        var third = await ArchiveObject.OpenAsync(_store, names[2], cancellationToken: Cancellation);
        _store[names[2]][third.File.Directory.SignatureIndex.Offset + 9] ^= 1;

        var archive = new ArchiveSet(_store);
        var wanted = sets[3].First(static r => !TransactionSignatures.Of(r.Frame).IsEmpty);
        var signature = TransactionSignatures.Of(wanted.Frame)[0];
        await Assert.ThrowsAsync<InvalidDataException>(() => archive.FindAsync(signature, cancellationToken: Cancellation).CollectAsync());
        var damages = new List<ArchiveDamage>();
        var found = await archive.FindArchivedAsync(signature, default, new ArchiveReadOptions { OnDamage = damages.Add }, Cancellation).CollectAsync();
        ArchiveHarness.AssertSame([wanted], found);
        Assert.Equal([(names[0], "the trailer"), (names[1], "the key"), (names[2], "the signature index")], damages.Select(static d => (d.Object, d.Section)));
        Assert.All(damages.Zip(sets), static pair => Assert.Equal((pair.Second[0].Lsn, pair.Second[^1].Lsn), (pair.First.FirstLsn, pair.First.LastLsn)));
    }

    [Fact]
    public async Task An_object_under_the_name_of_another_one_is_not_read()
    {
        var records = ArchiveHarness.Records(3, 60);
        var name = Put(records);
        var copy = ArchiveNames.Of(records[0].Lsn, records[^1].Lsn.Add(50));
        _store[copy] = _store[name];
        var archive = new ArchiveSet(_store);
        Assert.Contains("another object's", (await Assert.ThrowsAsync<InvalidDataException>(() => archive.ReadArchivedAsync(cancellationToken: Cancellation).CollectAsync())).Message, StringComparison.Ordinal);
        var damages = new List<ArchiveDamage>();
        ArchiveHarness.AssertSame(records, await archive.ReadArchivedAsync(options: new ArchiveReadOptions { OnDamage = damages.Add }, cancellationToken: Cancellation).CollectAsync());
        Assert.Equal((copy, "the name"), (Assert.Single(damages).Object, damages[0].Section));
        Assert.Equal(copy, Assert.Single((await archive.VerifyAsync(cancellationToken: Cancellation)).Damages).Object);
    }

    [Fact]
    public async Task A_sighting_in_a_damaged_block_is_told_and_the_others_are_found()
    {
        var records = ArchiveHarness.Records(1, 300);
        var name = Put(records);
        var file = (await ArchiveObject.OpenAsync(_store, name, cancellationToken: Cancellation)).File;
        var lost = records.Last(r => !TransactionSignatures.Of(r.Frame).IsEmpty && BlockIndex.Find(file.Blocks, r.Lsn.Value) > 0);
        var again = lost with { Lsn = new Lsn(900_000) };
        Put([again]);
        var block = file.Blocks[BlockIndex.Find(file.Blocks, lost.Lsn.Value)];
        _store[name][block.Offset + 20] ^= 1;
        var archive = new ArchiveSet(_store);
        var damages = new List<ArchiveDamage>();
        var found = await archive.FindArchivedAsync(TransactionSignatures.Of(lost.Frame)[0], default, new ArchiveReadOptions { OnDamage = damages.Add }, Cancellation).CollectAsync();
        ArchiveHarness.AssertSame([again], found);
        Assert.Equal((name, block.Offset, new Lsn(block.FirstLsn)), (Assert.Single(damages).Object, damages[0].Offset, damages[0].FirstLsn));
    }

    [Fact]
    public async Task A_search_gives_no_record_outside_of_its_range()
    {
        var records = ArchiveHarness.Records(2, 200);
        Put(records);
        var archive = new ArchiveSet(_store);
        var at = records.FindLastIndex(static r => !TransactionSignatures.Of(r.Frame).IsEmpty && new RecordView(r.Lsn, r.Frame).TryGetSlot(out _));
        Assert.InRange(at, 1, records.Count - 1);
        var wanted = records[at];
        var signature = TransactionSignatures.Of(wanted.Frame)[0];
        new RecordView(wanted.Lsn, wanted.Frame).TryGetSlot(out var slot);
        ArchiveRange[] others =
        [
            ArchiveRange.OfLsns(Lsn.None, records[at - 1].Lsn),
            ArchiveRange.OfLsns(wanted.Lsn.Add(1)),
            ArchiveRange.OfSlots(slot + 1, ulong.MaxValue),
            ArchiveRange.OfSlots(1, slot - 1),
            new ArchiveRange { Templates = TemplateSet.Of(TemplateIds.Metric) },
        ];
        foreach (var range in others)
        {
            Assert.Empty(await archive.FindArchivedAsync(signature, range, cancellationToken: Cancellation).CollectAsync());
        }

        var exact = ArchiveRange.OfSlots(slot, slot) with { From = wanted.Lsn, To = wanted.Lsn, Templates = TemplateSet.Of(TemplateIds.Transaction) };
        ArchiveHarness.AssertSame([wanted], await archive.FindArchivedAsync(signature, exact, cancellationToken: Cancellation).CollectAsync());
    }

    [Fact]
    public async Task An_object_that_was_replaced_is_read_anew_after_a_listing()
    {
        var records = ArchiveHarness.Records(3, 150);
        var others = ArchiveHarness.Records(4, 150).Zip(records, static (other, record) => other with { Lsn = record.Lsn }).ToList();
        var name = Put(records);
        var archive = new ArchiveSet(_store);
        ArchiveHarness.AssertSame(records, await archive.ReadArchivedAsync(cancellationToken: Cancellation).CollectAsync());
        Assert.Equal(name, Put(others));
        await archive.RefreshAsync(Cancellation);
        ArchiveHarness.AssertSame(others, await archive.ReadArchivedAsync(cancellationToken: Cancellation).CollectAsync());
    }

    [Fact]
    public async Task Sightings_of_objects_that_overlap_are_put_together_record_by_record()
    {
        var records = ArchiveHarness.Records(5, 60);
        var at = records.FindLastIndex(static r => !TransactionSignatures.Of(r.Frame).IsEmpty);
        var again = records[at] with { Lsn = records[at].Lsn.Add(1), Frame = (byte[])records[at].Frame.Clone() };
        FrameWriter.Stamp(again.Frame, new RecordView(records[at].Lsn, records[at].Frame).Header.Sequence + 1, 5);

        // One batch of two in the second object, the first of which the first object has, too.
        Put(records[..(at + 1)]);
        Put([records[at], again]);
        var archive = new ArchiveSet(_store);
        var signature = TransactionSignatures.Of(again.Frame)[0];
        ArchiveHarness.AssertSame([records[at], again], await archive.FindArchivedAsync(signature, cancellationToken: Cancellation).CollectAsync());
    }

    [Fact]
    public async Task A_sighting_in_a_damaged_block_is_found_in_another_object_that_holds_it()
    {
        var records = ArchiveHarness.Records(6, 400);
        var (_, hurt) = await PutOverlappingAsync(records);
        var archive = new ArchiveSet(_store);
        var options = new ArchiveReadOptions { OnDamage = static _ => { } };
        var searched = 0;
        foreach (var record in records.Where(r => r.Lsn.Value >= hurt.FirstLsn && r.Lsn.Value <= hurt.LastLsn && !TransactionSignatures.Of(r.Frame).IsEmpty))
        {
            ArchiveHarness.AssertSame([record], await archive.FindArchivedAsync(TransactionSignatures.Of(record.Frame)[0], default, options, Cancellation).CollectAsync());
            searched++;
        }

        Assert.True(searched > 0);
    }

    [Fact]
    public async Task Records_of_a_damaged_block_are_read_from_another_object_that_holds_them()
    {
        var records = ArchiveHarness.Records(7, 400);
        var (name, hurt) = await PutOverlappingAsync(records);
        var archive = new ArchiveSet(_store);
        var damages = new List<ArchiveDamage>();
        var options = new ArchiveReadOptions { OnDamage = damages.Add };
        ArchiveHarness.AssertSame(records, await archive.ReadArchivedAsync(options: options, cancellationToken: Cancellation).CollectAsync());
        Assert.Equal((name, new Lsn(hurt.FirstLsn), new Lsn(hurt.LastLsn)), (Assert.Single(damages).Object, damages[0].FirstLsn, damages[0].LastLsn));

        // Within the block, and to its middle.
        var inside = records.Where(r => r.Lsn.Value >= hurt.FirstLsn && r.Lsn.Value <= hurt.LastLsn).ToList();
        var range = ArchiveRange.OfLsns(inside[1].Lsn, inside[^1].Lsn);
        ArchiveHarness.AssertSame(inside[1..], await archive.ReadArchivedAsync(range, options, Cancellation).CollectAsync());

        // Nobody is spared an exception who did not say what is to happen.
        await Assert.ThrowsAsync<InvalidDataException>(() => archive.ReadAsync(cancellationToken: Cancellation).CollectAsync());
    }

    [Fact]
    public async Task What_is_damaged_in_every_object_is_left_out_and_told_for_each()
    {
        var records = ArchiveHarness.Records(8, 400);
        var (_, hurt) = await PutOverlappingAsync(records);
        var second = _store.Names[^1];
        var file = (await ArchiveObject.OpenAsync(_store, second, cancellationToken: Cancellation)).File;
        var again = file.Blocks[BlockIndex.Find(file.Blocks, hurt.FirstLsn)];
        _store[second][again.Offset + 20] ^= 1;
        var damages = new List<ArchiveDamage>();
        var found = await new ArchiveSet(_store).ReadArchivedAsync(options: new ArchiveReadOptions { OnDamage = damages.Add }, cancellationToken: Cancellation).CollectAsync();
        Assert.Equal([hurt.Offset, again.Offset], damages.Select(static d => d.Offset));
        var (first, last) = (Math.Max(hurt.FirstLsn, again.FirstLsn), Math.Min(hurt.LastLsn, again.LastLsn));
        var left = records.Where(r => r.Lsn.Value < first || r.Lsn.Value > last).ToList();
        Assert.NotEqual(records.Count, left.Count);
        ArchiveHarness.AssertSame(left, found);
    }

    [Fact]
    public async Task Verification_of_an_open_object_reads_its_end_again()
    {
        var records = ArchiveHarness.Records(9, 100);
        var name = Put(records);
        var archived = await ArchiveObject.OpenAsync(_store, name, cancellationToken: Cancellation);
        Assert.Empty((await archived.VerifyAsync(cancellationToken: Cancellation)).Damages);
        var places = new (long Offset, string Section)[]
        {
            (archived.File.Directory.BlockIndex.Offset, "the blocks' index"),
            (archived.File.Directory.SignatureIndex.Offset + 3, "the signature index"),
            (archived.File.Trailer.Directory.Offset + 3, "the directory"),
            (archived.Info.Length - 1, "the trailer"),
        };
        foreach (var (offset, section) in places)
        {
            _store[name][offset] ^= 1;
            Assert.Equal(section, Assert.Single((await archived.VerifyAsync(cancellationToken: Cancellation)).Damages).Section);
            _store[name][offset] ^= 1;
        }

        await _store.DeleteAsync(name, BlobCondition.None, Cancellation);
        await Assert.ThrowsAsync<BlobNotFoundException>(() => archived.VerifyAsync(cancellationToken: Cancellation).AsTask());
    }

    // Two objects that share half of the records; a leaf of the first is damaged where they do.
    private async Task<(string Name, ObjectBlock Hurt)> PutOverlappingAsync(List<ArchivedRecord> records)
    {
        var name = Put(records[..300]);
        Put(records[100..]);
        var file = (await ArchiveObject.OpenAsync(_store, name, cancellationToken: Cancellation)).File;
        var hurt = file.Blocks.Skip(1).First(block => block.Frames > 2 && block.FirstLsn > records[130].Lsn.Value && block.LastLsn <= records[299].Lsn.Value);
        _store[name][hurt.Offset + 20] ^= 1;
        return (name, hurt);
    }

    private string Put(List<ArchivedRecord> records, ArchiveWriterOptions? options = null)
    {
        var bytes = ArchiveHarness.Write(records, out var info, options ?? new ArchiveWriterOptions { RootBytes = 16 << 10, LeafBytes = 8 << 10 });
        var name = ArchiveNames.Of(info.FirstLsn, info.LastLsn);
        _store[name] = bytes;
        return name;
    }
}
