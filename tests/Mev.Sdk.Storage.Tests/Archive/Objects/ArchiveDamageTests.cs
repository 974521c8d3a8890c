using Mev.Sdk.Storage.Archive;
using Mev.Sdk.Storage.Archive.Objects;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Tests.Archive.Objects;

public sealed class ArchiveDamageTests
{
    private const string Name = "objects/a";

    private readonly MemoryBlobStore _store = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_damaged_leaf_costs_itself_and_is_named_with_its_place()
    {
        var (records, file) = await WriteAsync(1, 500);
        var hurt = file.Blocks[3];
        Flip(hurt.Offset + 100);
        var archived = await OpenAsync();
        var refused = await Assert.ThrowsAsync<InvalidDataException>(() => archived.ReadAsync(cancellationToken: Cancellation).CollectAsync());
        Assert.Contains($"'{Name}' is damaged: leaf 3, {hurt.StoredLength} bytes at byte {hurt.Offset}", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"LSN {new Lsn(hurt.FirstLsn)} to {new Lsn(hurt.LastLsn)}", refused.Message, StringComparison.Ordinal);

        var damages = new List<ArchiveDamage>();
        var found = await archived.ReadArchivedAsync(options: new ArchiveReadOptions { OnDamage = damages.Add }, cancellationToken: Cancellation).CollectAsync();
        ArchiveHarness.AssertSame(records.Where(r => r.Lsn.Value < hurt.FirstLsn || r.Lsn.Value > hurt.LastLsn).ToList(), found);
        var damage = Assert.Single(damages);
        Assert.Equal((Name, "leaf 3", hurt.Offset, (long)hurt.StoredLength, new Lsn(hurt.FirstLsn), new Lsn(hurt.LastLsn)), (damage.Object, damage.Section, damage.Offset, damage.Length, damage.FirstLsn, damage.LastLsn));
        Assert.Equal(damages, (await archived.VerifyAsync(cancellationToken: Cancellation)).Damages);
    }

    [Fact]
    public async Task A_damaged_root_is_read_from_its_copy_and_told_by_verification()
    {
        var (records, file) = await WriteAsync(2, 300);
        Flip(file.Directory.Root.Offset + 10);
        var archived = await OpenAsync();
        ArchiveHarness.AssertSame(records, await archived.ReadArchivedAsync(cancellationToken: Cancellation).CollectAsync());
        Assert.Equal("the root", Assert.Single((await archived.VerifyAsync(cancellationToken: Cancellation)).Damages).Section);
    }

    [Fact]
    public async Task A_damaged_copy_of_the_root_costs_a_request()
    {
        var (records, file) = await WriteAsync(3, 300);
        Flip(file.Directory.RootCopy.Offset + 10);
        var archived = await OpenAsync();
        ArchiveHarness.AssertSame(records, await archived.ReadArchivedAsync(cancellationToken: Cancellation).CollectAsync());
        Assert.Equal("the root again", Assert.Single((await archived.VerifyAsync(cancellationToken: Cancellation)).Damages).Section);
    }

    [Fact]
    public async Task Without_any_root_nothing_is_read_and_all_of_it_is_told()
    {
        var (_, file) = await WriteAsync(4, 300);
        Flip(file.Directory.RootCopy.Offset + 10);
        Flip(file.Directory.Root.Offset + 10);
        var archived = await OpenAsync();
        var damages = new List<ArchiveDamage>();
        Assert.Empty(await archived.ReadAsync(options: new ArchiveReadOptions { OnDamage = damages.Add }, cancellationToken: Cancellation).CollectAsync());
        Assert.Equal(file.Blocks.Length, damages.Count);
        Assert.Contains("the root", (await Assert.ThrowsAsync<InvalidDataException>(() => archived.ReadAsync(cancellationToken: Cancellation).CollectAsync())).Message, StringComparison.Ordinal);
        Assert.Equal(2 + file.Blocks.Length - 1, (await archived.VerifyAsync(cancellationToken: Cancellation)).Damages.Count);
    }

    [Fact]
    public async Task A_damaged_signature_index_costs_the_search_and_no_reading()
    {
        var (records, file) = await WriteAsync(5, 300);
        Flip(file.Directory.SignatureIndex.Offset + 20);
        var archived = await OpenAsync();
        ArchiveHarness.AssertSame(records, await archived.ReadArchivedAsync(cancellationToken: Cancellation).CollectAsync());
        Assert.Contains("the signature index", (await Assert.ThrowsAsync<InvalidDataException>(() => archived.FindAsync(default, Cancellation).CollectAsync())).Message, StringComparison.Ordinal);
        Assert.Equal("the signature index", Assert.Single((await archived.VerifyAsync(cancellationToken: Cancellation)).Damages).Section);
    }

    [Fact]
    public async Task Damage_of_the_end_is_named()
    {
        var (_, file) = await WriteAsync(6, 300);
        var places = new (long Offset, string Section)[]
        {
            (file.Directory.BlockIndex.Offset, "the blocks' index"),
            (file.Trailer.Directory.Offset + 5, "the directory"),
            (file.Trailer.Length - 60, "the trailer"),
            (file.Trailer.Length - 1, "the trailer"),
        };
        foreach (var (offset, section) in places)
        {
            Flip(offset);
            Assert.Contains($"is damaged: {section}", (await Assert.ThrowsAsync<InvalidDataException>(OpenAsync)).Message, StringComparison.Ordinal);
            Flip(offset);
        }

        await OpenAsync();
        _store[Name] = _store[Name][..^1];
        await Assert.ThrowsAsync<InvalidDataException>(OpenAsync);
        _store[Name] = _store[Name][..50];
        await Assert.ThrowsAsync<InvalidDataException>(OpenAsync);
    }

    [Fact]
    public async Task A_changed_header_is_told_by_verification()
    {
        await WriteAsync(7, 30);
        Flip(20);
        Assert.Equal("the header", Assert.Single((await (await OpenAsync()).VerifyAsync(cancellationToken: Cancellation)).Damages).Section);
    }

    [Fact]
    public async Task An_index_that_lies_with_right_checksums_is_told_by_verification()
    {
        var (records, file) = await WriteAsync(8, 300);
        var builder = new SignatureIndexBuilder(file.Directory.Header.ObjectIdBytes.ToArray());
        var lied = false;
        foreach (var record in records)
        {
            var block = BlockIndex.Find(file.Blocks, record.Lsn.Value);
            foreach (var signature in TransactionSignatures.Of(record.Frame))
            {
                builder.Add(in signature, block == 2 && !lied ? 0 : block);
                lied |= block == 2;
            }
        }

        ReplaceSignatureIndex(file, builder.Write(file.Blocks.Length));
        var damage = Assert.Single((await (await OpenAsync()).VerifyAsync(cancellationToken: Cancellation)).Damages);
        Assert.Equal("the signature index", damage.Section);
        Assert.Contains("does not lead to the signature", damage.Problem, StringComparison.Ordinal);
    }

    private Task<ArchiveObject> OpenAsync() => ArchiveObject.OpenAsync(_store, Name, _store[Name].Length, null, cancellationToken: Cancellation).AsTask();

    private async Task<(List<ArchivedRecord> Records, ObjectFile File)> WriteAsync(int seed, int count)
    {
        var records = ArchiveHarness.Records(seed, count);
        _store[Name] = ArchiveHarness.Write(records, out _);
        return (records, (await OpenAsync()).File);
    }

    private void Flip(long offset) => _store[Name][offset] ^= 0x10;

    // Writes index, directory and trailer anew, all checksums right.
    private void ReplaceSignatureIndex(ObjectFile file, byte[] index)
    {
        var directory = file.Directory;
        var start = directory.SignatureIndex.Offset;
        directory.SignatureIndex = new SectionPlace(start, index.Length, Crc32C.Compute(index));
        var bytes = directory.Write(null);
        var end = new byte[ObjectFormat.TrailerSize];
        var place = new SectionPlace(directory.SignatureIndex.End, bytes.Length, Crc32C.Compute(bytes));
        (file.Trailer with { Directory = place, Length = place.End + ObjectFormat.TrailerSize }).Write(end);
        _store[Name] = [.. _store[Name].AsSpan(0, (int)start), .. index, .. bytes, .. end];
    }
}
