using Mev.Sdk.Storage.Archive;
using Mev.Sdk.Storage.Tests.Journal;

namespace Mev.Sdk.Storage.Tests.Archive.Objects;

public sealed class ArchiveKeysTests
{
    private const string Name = "objects/a";

    private readonly MemoryBlobStore _store = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Encrypted_objects_come_back_and_show_nothing()
    {
        using var keys = new ArchiveKeys(_store, TestKeys.With(1));
        var records = ArchiveHarness.Records(1, 300);
        await WriteAsync(records, await keys.GetCurrentAsync(Cancellation));
        var archived = await OpenAsync(keys);
        ArchiveHarness.AssertSame(records, await archived.ReadArchivedAsync(cancellationToken: Cancellation).CollectAsync());
        Assert.Empty((await archived.VerifyAsync(cancellationToken: Cancellation)).Damages);
        Assert.NotEqual(Guid.Empty, archived.Info.KeyId);

        // The same records without encryption show their keys' and signatures' bytes; these do not.
        var shown = records.Where(static r => r.Frame.Length > 200 && r.Frame.AsSpan(32, 32).Count((byte)0) < 4).Select(static r => r.Frame.AsSpan(32, 32).ToArray()).ToList();
        var plain = ArchiveHarness.Write(records, out _);
        Assert.Contains(shown, bytes => plain.AsSpan().IndexOf(bytes) >= 0);
        Assert.DoesNotContain(shown, bytes => _store[Name].AsSpan().IndexOf(bytes) >= 0);
    }

    [Fact]
    public async Task A_missing_key_is_named_with_what_to_do()
    {
        using var keys = new ArchiveKeys(_store, TestKeys.With(1));
        await WriteAsync(ArchiveHarness.Records(2, 20), await keys.GetCurrentAsync(Cancellation));
        var none = await Assert.ThrowsAsync<ArchiveKeyException>(() => OpenAsync(null));
        Assert.Contains("no keys were given", none.Message, StringComparison.Ordinal);

        using var other = new ArchiveKeys(_store, TestKeys.With(2));
        var missing = await Assert.ThrowsAsync<ArchiveKeyException>(() => OpenAsync(other));
        Assert.Equal(TestKeys.Id(1), missing.KeyId);
        Assert.Contains($"Mev:Storage:Journal:Encryption:Keys:{TestKeys.Id(1):N}", missing.Message, StringComparison.Ordinal);

        using var wrong = new ArchiveKeys(_store, TestKeys.With(1).Mistake(1, 3));
        Assert.Contains("is another key", (await Assert.ThrowsAsync<ArchiveKeyException>(() => OpenAsync(wrong))).Message, StringComparison.Ordinal);

        var id = (await OpenAsync(keys)).Info.KeyId;
        await _store.DeleteAsync(ArchiveKeys.GetBlobName(id), BlobCondition.None, Cancellation);
        using var gone = new ArchiveKeys(_store, TestKeys.With(1));
        Assert.Contains($"keys/{id:N}", (await Assert.ThrowsAsync<ArchiveKeyException>(() => OpenAsync(gone))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_archive_key_under_the_same_id_is_told_as_a_wrong_key()
    {
        using var keys = new ArchiveKeys(_store, TestKeys.With(1));
        var key = await keys.GetCurrentAsync(Cancellation);
        await WriteAsync(ArchiveHarness.Records(3, 20), new ArchiveKey(key.Id, TestKeys.Key(77)));
        Assert.Contains("another one than wrapped", (await Assert.ThrowsAsync<ArchiveKeyException>(() => OpenAsync(keys))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_master_key_wraps_the_keys_anew_and_no_object_changes()
    {
        var masters = TestKeys.With(1);
        using var keys = new ArchiveKeys(_store, masters);
        var records = ArchiveHarness.Records(4, 50);
        await WriteAsync(records, await keys.GetCurrentAsync(Cancellation));
        await keys.CreateAsync(Cancellation);
        var before = _store[Name].ToArray();

        using var both = new ArchiveKeys(_store, TestKeys.With(1, 2));
        Assert.Equal(2, await both.RewrapAsync(Cancellation));
        Assert.Equal(0, await both.RewrapAsync(Cancellation));
        Assert.Equal(before, _store[Name]);

        using var after = new ArchiveKeys(_store, TestKeys.With(2));
        ArchiveHarness.AssertSame(records, await (await OpenAsync(after)).ReadArchivedAsync(cancellationToken: Cancellation).CollectAsync());
        using var old = new ArchiveKeys(_store, TestKeys.With(1));
        await Assert.ThrowsAsync<ArchiveKeyException>(() => OpenAsync(old));
    }

    [Fact]
    public async Task A_rotation_that_breaks_off_is_done_again()
    {
        using var keys = new ArchiveKeys(_store, TestKeys.With(1));
        for (var i = 0; i < 5; i++)
        {
            await keys.CreateAsync(Cancellation);
        }

        var writes = 0;
        _store.OnWrite = _ => Assert.True(++writes < 3, "The power went.");
        using var both = new ArchiveKeys(_store, TestKeys.With(1, 2));
        await Assert.ThrowsAnyAsync<Exception>(async () => await both.RewrapAsync(Cancellation));
        _store.OnWrite = null;
        Assert.Equal(3, await both.RewrapAsync(Cancellation));
    }

    [Fact]
    public async Task Two_rotations_at_a_time_harm_nothing()
    {
        using var keys = new ArchiveKeys(_store, TestKeys.With(1));
        var records = ArchiveHarness.Records(5, 20);
        await WriteAsync(records, await keys.GetCurrentAsync(Cancellation));
        using var one = new ArchiveKeys(_store, TestKeys.With(1, 2));
        using var two = new ArchiveKeys(_store, TestKeys.With(1, 2));

        // Between reading and writing of the one, the other one wraps.
        var nested = false;
        _store.OnWrite = name =>
        {
            if (!nested)
            {
                nested = true;
                Assert.Equal(1, two.RewrapAsync(Cancellation).AsTask().GetAwaiter().GetResult());
            }
        };
        Assert.Equal(0, await one.RewrapAsync(Cancellation));
        using var after = new ArchiveKeys(_store, TestKeys.With(2));
        await OpenAsync(after);
    }

    [Fact]
    public async Task New_objects_are_under_the_new_key_and_old_ones_stay_readable()
    {
        using var keys = new ArchiveKeys(_store, TestKeys.With(1));
        var first = await keys.GetCurrentAsync(Cancellation);
        Assert.Equal(first.Id, (await keys.GetCurrentAsync(Cancellation)).Id);
        var second = await keys.CreateAsync(Cancellation);
        Assert.NotEqual(first.Id, second.Id);
        using var reader = new ArchiveKeys(_store, TestKeys.With(1));
        Assert.Equal(second.Id, (await reader.GetCurrentAsync(Cancellation)).Id);
        await WriteAsync(ArchiveHarness.Records(6, 20), first);
        await OpenAsync(reader);
    }

    [Fact]
    public async Task Two_that_make_the_first_key_agree_on_one()
    {
        using var one = new ArchiveKeys(_store, TestKeys.With(1));
        using var two = new ArchiveKeys(_store, TestKeys.With(1));
        Guid other = default;
        _store.OnWrite = name =>
        {
            if (other == Guid.Empty && name == "keys/current")
            {
                _store.OnWrite = null;
                other = two.GetCurrentAsync(Cancellation).AsTask().GetAwaiter().GetResult().Id;
            }
        };
        var mine = await one.GetCurrentAsync(Cancellation);
        Assert.Equal(other, mine.Id);
    }

    [Fact]
    public async Task Without_a_master_key_no_key_is_made()
    {
        using var keys = new ArchiveKeys(_store, new TestKeys());
        Assert.False(keys.HasMasterKey);
        Assert.Contains("CurrentKeyId", (await Assert.ThrowsAsync<InvalidOperationException>(async () => await keys.GetCurrentAsync(Cancellation))).Message, StringComparison.Ordinal);
        Assert.Empty(_store.Names);
    }

    [Fact]
    public async Task Damaged_key_blobs_are_named()
    {
        using var keys = new ArchiveKeys(_store, TestKeys.With(1));
        var key = await keys.GetCurrentAsync(Cancellation);
        var name = ArchiveKeys.GetBlobName(key.Id);
        for (var at = 0; at < _store[name].Length; at += 5)
        {
            _store[name][at] ^= 4;
            using var reader = new ArchiveKeys(_store, TestKeys.With(1));
            Assert.Contains(name, (await Assert.ThrowsAsync<InvalidDataException>(async () => await reader.GetAsync(key.Id, Cancellation))).Message, StringComparison.Ordinal);
            _store[name][at] ^= 4;
        }

        _store["keys/current"] = [1, 2];
        await Assert.ThrowsAsync<InvalidDataException>(async () => await keys.GetCurrentAsync(Cancellation));
    }

    [Fact]
    public async Task Tampering_with_right_checksums_is_noticed()
    {
        using var keys = new ArchiveKeys(_store, TestKeys.With(1));
        var records = ArchiveHarness.Records(7, 300);
        await WriteAsync(records, await keys.GetCurrentAsync(Cancellation));
        var original = _store[Name].ToArray();
        var file = (await OpenAsync(keys)).File;

        // A directory that says something else, with its checksum repaired.
        file.Directory.JsonBytes = 12345;
        Tamper.WriteDirectory(_store, Name, original, file);
        Assert.Contains("not what the holder of the key wrote", (await Assert.ThrowsAsync<InvalidDataException>(() => OpenAsync(keys))).Message, StringComparison.Ordinal);

        // A disposed set of keys gives none.
        keys.Dispose();
        _store[Name] = original;
        await OpenAsync(keys);
    }

    private Task<ArchiveObject> OpenAsync(ArchiveKeys? keys) => ArchiveObject.OpenAsync(_store, Name, keys, cancellationToken: Cancellation).AsTask();

    private Task WriteAsync(List<ArchivedRecord> records, ArchiveKey key)
    {
        var options = ArchiveHarness.Small;
        options.Key = key;
        _store[Name] = ArchiveHarness.Write(records, out _, options);
        return Task.CompletedTask;
    }
}
