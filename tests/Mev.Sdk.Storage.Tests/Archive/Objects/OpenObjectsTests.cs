using Mev.Sdk.Storage.Archive;
using Mev.Sdk.Storage.Archive.Objects;

namespace Mev.Sdk.Storage.Tests.Archive.Objects;

/// <summary>What is kept in memory of the objects of an archive, and what is read when it is not.</summary>
public sealed class OpenObjectsTests
{
    private readonly MemoryBlobStore _store = new();
    private readonly ReaderCache _cache = new(new ArchiveReaderOptions());

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_second_walk_over_more_objects_than_fit_finds_those_that_do()
    {
        var entries = await WriteAsync(6);
        var bytes = await WalkAsync(new OpenObjects(_store, null, _cache, long.MaxValue), entries);
        var open = new OpenObjects(_store, null, _cache, bytes * 2 / 3);
        await WalkAsync(open, entries);

        // One request each: indexes alone, without a root.
        _store.Reads = 0;
        await WalkAsync(open, entries);
        Assert.InRange(_store.Reads, 0, 3);
    }

    [Fact]
    public async Task A_search_opens_objects_at_a_time()
    {
        await WriteAsync(6);
        var gated = new GatedBlobStore(_store, wanted: 3);
        Assert.Empty(await new ArchiveSet(gated).FindAsync(default, cancellationToken: Cancellation).CollectAsync());
        Assert.InRange(gated.Most, 3, 8);
    }

    [Fact]
    public async Task Indexes_alone_are_enough_and_a_root_comes_from_either_place()
    {
        var records = ArchiveHarness.Records(1, 200);
        var archived = await ArchiveHarness.WriteAndOpenAsync(_store, records);
        var (name, directory) = (archived.Name, archived.File.Directory);
        foreach (var hurt in new[] { directory.Root, directory.RootCopy })
        {
            _store[name][hurt.Offset + 10] ^= 1;
            _store.Reads = 0;
            var file = await ObjectFile.OpenIndexesAsync(_store, name, archived.Info.Length, directory.BlockIndex.Offset, null, new ReaderCache(new ArchiveReaderOptions()), Cancellation);
            Assert.Equal(1, _store.Reads);
            ArchiveHarness.AssertSame(records, await new ArchiveObject(file).ReadArchivedAsync(cancellationToken: Cancellation).CollectAsync());
            _store[name][hurt.Offset + 10] ^= 1;
        }
    }

    [Fact]
    public async Task What_is_known_of_objects_that_are_gone_is_forgotten()
    {
        var entries = await WriteAsync(3);
        var open = new OpenObjects(_store, null, _cache, long.MaxValue);
        await WalkAsync(open, entries);
        Assert.Equal(3, open.KnownPlaces);
        open.KeepOnly(entries.Take(1));
        Assert.Equal(1, open.KnownPlaces);
    }

    [Fact]
    public async Task A_signature_index_is_held_once()
    {
        var archived = await ArchiveHarness.WriteAndOpenAsync(_store, ArchiveHarness.Records(2, 100));
        Assert.Same(archived.File.GetSignatureIndex(), archived.File.GetSignatureIndex());
        Assert.True(archived.File.Bytes >= archived.File.GetSignatureIndex().Bytes);
    }

    [Fact]
    public void Decoders_are_kept_up_to_a_number_whatever_dictionaries_they_know()
    {
        var pool = new DecoderPool(2);
        var dictionaries = Enumerable.Range(1, 3).Select(static i => KeyDictionary.Create([new Pubkey([.. Enumerable.Repeat((byte)i, Pubkey.Size)])])).ToList();
        var decoders = dictionaries.ConvertAll(pool.Rent);
        for (var i = 0; i < 3; i++)
        {
            pool.Return(dictionaries[i], decoders[i]);
        }

        Assert.Equal(2, pool.Count);
        Assert.Same(decoders[2], pool.Rent(dictionaries[2]));
        Assert.NotSame(decoders[0], pool.Rent(dictionaries[0]));
        Assert.Same(decoders[1], pool.Rent(dictionaries[1]));
    }

    [Fact]
    public async Task Values_that_do_not_displace_others_are_not_kept_when_there_is_no_room()
    {
        var cache = new ByteBoundCache<int, byte[]>(100, static value => value.Length);
        cache.Put(1, new byte[60]);
        await WaitAsync(() => cache.Bytes == 60);
        Assert.Equal(70, (await cache.GetAsync(2, static () => Task.FromResult(new byte[70]), Cancellation, displaces: false)).Length);
        await WaitAsync(() => !cache.TryGet(2, out _));
        Assert.True(cache.TryGet(1, out var kept));
        Assert.Equal(60, kept.Length);
        await cache.GetAsync(3, static () => Task.FromResult(new byte[70]), Cancellation);
        await WaitAsync(() => cache.Bytes == 70);
        Assert.False(cache.TryGet(1, out _));
    }

    private static async Task WaitAsync(Func<bool> isSo)
    {
        for (var i = 0; i < 3000 && !isSo(); i++)
        {
            await Task.Delay(10, Cancellation);
        }

        Assert.True(isSo());
    }

    private static async Task<long> WalkAsync(OpenObjects open, IReadOnlyList<ArchiveEntry> entries)
    {
        var (bytes, seen) = (0L, 0);
        await foreach (var (entry, file) in open.OpenAllAsync(entries, isWalk: true, onDamage: null, Cancellation))
        {
            Assert.Equal(entries[seen++], entry);
            Assert.True(file.GetSignatureIndex().Count > 0);
            bytes += file.Bytes;
        }

        Assert.Equal(entries.Count, seen);
        return bytes;
    }

    private async Task<IReadOnlyList<ArchiveEntry>> WriteAsync(int objects)
    {
        for (var i = 0; i < objects; i++)
        {
            await ArchiveHarness.WriteAndOpenAsync(_store, ArchiveHarness.Records(i, 40, (ulong)(i * 100_000) + 1));
        }

        return await new ArchiveSet(_store).RefreshAsync(Cancellation);
    }
}
