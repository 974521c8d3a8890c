using Mev.Sdk.Storage.Archive;
using Mev.Sdk.Storage.Archive.Objects;
using Mev.Sdk.Storage.Tests.Journal;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Tests.Archive.Objects;

/// <summary>Objects that somebody wrote who has the store and no key, with every checksum right.</summary>
public sealed class HostileObjectTests
{
    private const string Name = "objects/a";
    private const int LongestGuess = 256 << 10;

    private readonly MemoryBlobStore _store = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fields_behind_the_tag_of_an_encrypted_directory_are_refused()
    {
        using var keys = new ArchiveKeys(_store, TestKeys.With(1));
        var options = ArchiveHarness.Small;
        options.Key = await keys.GetCurrentAsync(Cancellation);
        var original = ArchiveHarness.Write(ArchiveHarness.Records(1, 200), out _, options);
        _store[Name] = original;
        await OpenAsync(keys);

        // First and last slot 1: a reader of slots would pass the object by, and say nothing.
        _store[Name] = HostileObject.WithDirectory(original, [.. HostileObject.DirectoryOf(original), .. HostileObject.Field(18, 1), .. HostileObject.Field(19, 1)]);
        var refused = await Assert.ThrowsAsync<InvalidDataException>(() => OpenAsync(keys));
        Assert.Contains("is damaged: the directory", refused.Message, StringComparison.Ordinal);
        Assert.Contains("field 18 follows field 41", refused.Message, StringComparison.Ordinal);

        // Not even one that this version does not know.
        _store[Name] = HostileObject.WithDirectory(original, [.. HostileObject.DirectoryOf(original), .. HostileObject.Field(77, 1)]);
        await Assert.ThrowsAsync<InvalidDataException>(() => OpenAsync(keys));
    }

    [Fact]
    public async Task Fields_come_once_and_in_order_and_unknown_ones_are_skipped()
    {
        var records = ArchiveHarness.Records(2, 200);
        var original = ArchiveHarness.Write(records, out _);
        var directory = HostileObject.DirectoryOf(original);
        foreach (var (field, problem) in new[] { (28, "field 28 follows field 28"), (18, "field 18 follows field 28"), (1, "field 1 follows field 28"), (0, "field 0 follows field 28") })
        {
            _store[Name] = HostileObject.WithDirectory(original, [.. directory, .. HostileObject.Field(field, 1)]);
            Assert.Contains(problem, (await Assert.ThrowsAsync<InvalidDataException>(() => OpenAsync())).Message, StringComparison.Ordinal);
        }

        // A tag where nobody has a key.
        _store[Name] = HostileObject.WithDirectory(original, [.. directory, .. HostileObject.Field(41, new byte[ObjectFormat.TagSize])]);
        Assert.Contains("contradict", (await Assert.ThrowsAsync<InvalidDataException>(() => OpenAsync())).Message, StringComparison.Ordinal);
        _store[Name] = HostileObject.WithDirectory(original, [.. directory, .. HostileObject.Field(39, 1)]);
        ArchiveHarness.AssertSame(records, await (await OpenAsync()).ReadArchivedAsync(cancellationToken: Cancellation).CollectAsync());
    }

    [Fact]
    public async Task Slots_of_the_directory_are_those_of_the_blocks()
    {
        var original = ArchiveHarness.Write(ArchiveHarness.Records(3, 300), out _);
        _store[Name] = original;
        var file = (await OpenAsync()).File;
        Assert.NotEqual(file.Directory.FirstSlot, file.Directory.LastSlot);
        file.Directory.LastSlot = file.Directory.FirstSlot;
        _store[Name] = HostileObject.WithDirectory(original, file.Directory.Write(null));
        Assert.Contains("not those of the directory", (await Assert.ThrowsAsync<InvalidDataException>(() => OpenAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_planted_object_with_the_id_of_another_one_does_not_give_it_its_root()
    {
        using var keys = new ArchiveKeys(_store, TestKeys.With(1));
        var options = ArchiveHarness.Small;
        options.Key = await keys.GetCurrentAsync(Cancellation);
        var authentic = ArchiveHarness.Records(4, 200, 1_000_000);
        var planted = ArchiveHarness.Records(5, 200);
        Put(ArchiveHarness.Write(authentic, out _, options), authentic);
        var archive = new ArchiveSet(_store, keys);
        var entry = Assert.Single(await archive.RefreshAsync(Cancellation));
        var id = (await archive.OpenAsync(entry, Cancellation)).Info.ObjectId;
        Put(HostileObject.WithId(ArchiveHarness.Write(planted, out _), id), planted);

        // A set that reads the planted one first, and one that reads it last.
        archive = new ArchiveSet(_store, keys);
        ArchiveHarness.AssertSame([.. planted, .. authentic], await archive.ReadArchivedAsync(cancellationToken: Cancellation).CollectAsync());
        archive = new ArchiveSet(_store, keys);
        ArchiveHarness.AssertSame(authentic, await archive.ReadArchivedAsync(ArchiveRange.OfLsns(authentic[0].Lsn), cancellationToken: Cancellation).CollectAsync());
        ArchiveHarness.AssertSame(planted, await archive.ReadArchivedAsync(ArchiveRange.OfLsns(Lsn.None, planted[^1].Lsn), cancellationToken: Cancellation).CollectAsync());
    }

    [Fact]
    public async Task A_root_of_another_dictionary_is_damage_of_the_block()
    {
        var dictionary = KeyDictionary.Create([.. Enumerable.Range(1, 40).Select(static i => new Pubkey([.. Enumerable.Repeat((byte)i, Pubkey.Size)]))]);
        await dictionary.SaveAsync(_store, Cancellation);
        var options = ArchiveHarness.Small;
        options.Dictionary = dictionary;
        _store[Name] = ArchiveHarness.Write(ArchiveHarness.Records(6, 200), out _, options);
        var foreign = await (await OpenAsync()).File.GetRootAsync(1, Cancellation);
        _store[Name] = ArchiveHarness.Write(ArchiveHarness.Records(6, 200), out _);
        var file = (await OpenAsync()).File;
        var stored = new byte[file.StoredLength(1, 1)];
        await file.ReadStoredAsync(1, 1, stored, Cancellation);
        Assert.Contains("leaf 1", Assert.Throws<InvalidDataException>(() => file.Begin(1, stored, foreign)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_tail_is_not_read_because_a_directory_says_that_it_is_there()
    {
        var header = ObjectHeader.Create(Guid.NewGuid(), Guid.Empty, default);
        await RefuseAsync(header, rootLength: 1000, indexLength: 800 << 20, signatureLength: 100, frameBytes: 1 << 20, signatures: 1, keys: null);
        await RefuseAsync(header, rootLength: 1000, indexLength: 100, signatureLength: 800 << 20, frameBytes: 1 << 20, signatures: 1, keys: null);
        await RefuseAsync(header, rootLength: 1000, indexLength: 100, signatureLength: 800 << 20, frameBytes: 1 << 20, signatures: 100 << 20, keys: null);
        await RefuseAsync(header, rootLength: 800 << 20, indexLength: 100, signatureLength: 100, frameBytes: 1 << 20, signatures: 1, keys: null);
    }

    [Fact]
    public async Task Nothing_of_an_encrypted_object_is_read_because_of_a_directory_that_its_key_did_not_write()
    {
        using var keys = new ArchiveKeys(_store, TestKeys.With(1));
        var key = await keys.GetCurrentAsync(Cancellation);
        var header = ObjectHeader.Create(Guid.NewGuid(), key.Id, default);
        await RefuseAsync(header, rootLength: 200 << 20, indexLength: 100, signatureLength: 100, frameBytes: 1 << 20, signatures: 1, keys);
    }

    [Fact]
    public void A_claim_of_much_to_come_rents_little()
    {
        var frame = TestRecords.Metric(1);
        FrameWriter.Stamp(frame, 1, 0);
        var assembler = new BatchAssembler(BlockCodec.MaxRawBytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        assembler.Add(1, 1, 1, frame, []);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
        var batch = Assert.Single(assembler.Take());
        Assert.Equal(frame.Length, batch.Records.ByteCount);
        batch.Release();
    }

    [Fact]
    public async Task Indexes_and_directories_that_were_changed_give_right_records_or_a_clear_error()
    {
        var records = ArchiveHarness.Records(7, 60);
        var byLsn = records.ToDictionary(static r => r.Lsn);
        var original = ArchiveHarness.Write(records, out _, new ArchiveWriterOptions { RootBytes = 16 << 10, LeafBytes = 8 << 10 });
        var random = new Random(7);
        var (opened, refused) = (0, 0);
        for (var run = 0; run < (ArchiveHarness.IsLong ? 100_000 : 150); run++)
        {
            _store[Name] = original;
            var file = (await OpenAsync()).File;
            var blocks = original[(int)file.Directory.BlockIndex.Offset..(int)file.Directory.BlockIndex.End];
            var signatures = original[(int)file.Directory.SignatureIndex.Offset..(int)file.Directory.SignatureIndex.End];
            var directory = HostileObject.DirectoryOf(original);
            var target = (run % 3) switch { 0 => blocks, 1 => signatures, _ => directory };
            target[random.Next(target.Length)] ^= (byte)(1 << random.Next(8));
            _store[Name] = run % 3 == 2 ? HostileObject.WithDirectory(original, directory) : HostileObject.WithIndexes(original, file, blocks, signatures);
            try
            {
                var archived = await OpenAsync();
                opened++;
                foreach (var record in await archived.ReadArchivedAsync(options: new ArchiveReadOptions { OnDamage = static _ => { } }, cancellationToken: Cancellation).CollectAsync())
                {
                    ArchiveHarness.AssertSame([byLsn[record.Lsn]], [record]);
                }

                await archived.VerifyAsync(cancellationToken: Cancellation);
                var wanted = records.First(static r => !TransactionSignatures.Of(r.Frame).IsEmpty);
                foreach (var record in await archived.FindArchivedAsync(TransactionSignatures.Of(wanted.Frame)[0], Cancellation).CollectAsync())
                {
                    ArchiveHarness.AssertSame([wanted], [record]);
                }
            }
            catch (InvalidDataException told)
            {
                refused++;
                Assert.Contains(Name, told.Message, StringComparison.Ordinal);
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{opened} opened, {refused} refused.");
        Assert.True(opened > 20 && refused > 20, $"{opened} opened, {refused} refused.");
    }

    private static async Task RefuseAsync(ObjectHeader header, int rootLength, int indexLength, int signatureLength, long frameBytes, long signatures, ArchiveKeys? keys)
    {
        var directory = new ObjectDirectory { Header = header };
        directory.Root = new SectionPlace(ObjectFormat.HeaderSize, rootLength, 1);
        directory.BlockIndex = new SectionPlace(directory.Root.End, indexLength, 2);
        directory.SignatureIndex = new SectionPlace(directory.BlockIndex.End, signatureLength, 3);
        (directory.FirstLsn, directory.LastLsn, directory.Blocks, directory.Frames, directory.FrameBytes, directory.Signatures) = (1, 10, 1, 10, frameBytes, signatures);
        byte[] bytes = header.IsEncrypted
            ? [.. directory.Write(null), .. HostileObject.Field(40, new byte[ObjectFormat.WrappedKeySize]), .. HostileObject.Field(41, new byte[ObjectFormat.TagSize])]
            : directory.Write(null);
        var place = new SectionPlace(directory.SignatureIndex.End, bytes.Length, Crc32C.Compute(bytes));
        var end = new byte[ObjectFormat.TrailerSize];
        new ObjectTrailer(directory.Root.Offset, place.End + ObjectFormat.TrailerSize, place, header.ObjectId).Write(end);
        var store = new HollowBlobStore(place.End + ObjectFormat.TrailerSize, [.. bytes, .. end]);
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => ArchiveObject.OpenAsync(store, Name, keys, cancellationToken: Cancellation).AsTask());
        Assert.True(header.IsEncrypted ? refused is ArchiveKeyException : refused is InvalidDataException, refused.ToString());
        Assert.InRange(store.LongestRead, 1, LongestGuess);
    }

    private Task<ArchiveObject> OpenAsync(ArchiveKeys? keys = null) => ArchiveObject.OpenAsync(_store, Name, keys, cancellationToken: Cancellation).AsTask();

    private void Put(byte[] bytes, List<ArchivedRecord> records) => _store[ArchiveNames.Of(records[0].Lsn, records[^1].Lsn)] = bytes;
}
