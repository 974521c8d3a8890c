using Mev.Sdk.Storage.Archive;
using Mev.Sdk.Storage.Archive.Objects;
using Mev.Sdk.Storage.Tests.Journal;
using Mev.Sdk.Wire;

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
    public async Task What_names_the_current_key_is_vouched_for_by_the_master_key()
    {
        using var keys = new ArchiveKeys(_store, TestKeys.With(1));
        var first = await keys.GetCurrentAsync(Cancellation);
        var second = await keys.CreateAsync(Cancellation);

        // Somebody who has the store and no key names the first one again, with its checksum right.
        var blob = _store["keys/current"].ToArray();
        first.Id.TryWriteBytes(blob.AsSpan(8), bigEndian: true, out _);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(blob.AsSpan(blob.Length - 4), Crc32C.Compute(blob.AsSpan(0, blob.Length - 4)));
        _store["keys/current"] = blob;
        Assert.Contains("keys/current", (await Assert.ThrowsAsync<ArchiveKeyException>(async () => await keys.GetCurrentAsync(Cancellation))).Message, StringComparison.Ordinal);

        // In the layout of old, which anybody can write: a key that nobody knows takes its place.
        _store["keys/current"] = [.. "MEVKEYC\n"u8, .. blob.AsSpan(8, 16), 0, 0, 0, 0];
        var third = await keys.GetCurrentAsync(Cancellation);
        Assert.DoesNotContain(third.Id, new[] { first.Id, second.Id });
        using var reader = new ArchiveKeys(_store, TestKeys.With(1));
        Assert.Equal(third.Id, (await reader.GetCurrentAsync(Cancellation)).Id);
    }

    [Fact]
    public async Task A_new_master_key_vouches_for_the_current_key_too()
    {
        using var keys = new ArchiveKeys(_store, TestKeys.With(1));
        var current = await keys.GetCurrentAsync(Cancellation);
        using var both = new ArchiveKeys(_store, TestKeys.With(1, 2));
        Assert.Equal(1, await both.RewrapAsync(Cancellation));
        using var after = new ArchiveKeys(_store, TestKeys.With(2));
        Assert.Equal(current.Id, (await after.GetCurrentAsync(Cancellation)).Id);
    }

    [Fact]
    public async Task A_reader_that_requires_encryption_takes_nothing_that_anybody_may_have_put_there()
    {
        using var keys = new ArchiveKeys(_store, TestKeys.With(1));
        _store["objects/plain"] = ArchiveHarness.Write(ArchiveHarness.Records(8, 20), out _);
        var records = ArchiveHarness.Records(9, 20);
        await WriteAsync(records, await keys.GetCurrentAsync(Cancellation));
        var required = new ArchiveReaderOptions { RequireEncryption = true };
        Assert.Contains("RequireEncryption", (await Assert.ThrowsAsync<InvalidDataException>(async () => await ArchiveObject.OpenAsync(_store, "objects/plain", keys, required, Cancellation))).Message, StringComparison.Ordinal);
        var archived = await ArchiveObject.OpenAsync(_store, Name, keys, required, Cancellation);
        ArchiveHarness.AssertSame(records, await archived.ReadArchivedAsync(cancellationToken: Cancellation).CollectAsync());
        Assert.True(new ArchiveReaderOptions().For(ArchiveEncryption.Required).RequireEncryption);
        Assert.False(new ArchiveReaderOptions().For(ArchiveEncryption.WithMasterKey).RequireEncryption);
        Assert.False(new ArchiveReaderOptions { RequireEncryption = false }.For(ArchiveEncryption.Required).RequireEncryption);
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
        await Assert.ThrowsAsync<ObjectDisposedException>(() => OpenAsync(keys));
    }

    [Fact]
    public async Task A_key_that_the_store_does_not_give_back_is_never_named_nor_used()
    {
        using var keys = new ArchiveKeys(_store, TestKeys.With(1));
        _store.Corrupt = static (_, bytes) =>
        {
            bytes[^10] ^= 1;
            return bytes;
        };
        await Assert.ThrowsAsync<InvalidDataException>(async () => await keys.GetCurrentAsync(Cancellation));
        Assert.Empty(_store.Names);

        // With a checksum that fits, as a store would that mixes up blobs.
        var other = WrappedArchiveKey.Wrap(new ArchiveKey(Guid.NewGuid(), TestKeys.Key(5)), TestKeys.Id(1), TestKeys.With(1), "keys/other");
        _store.Corrupt = (_, _) => other;
        await Assert.ThrowsAsync<InvalidDataException>(async () => await keys.GetCurrentAsync(Cancellation));
        Assert.Empty(_store.Names);
        _store.Corrupt = null;
        await keys.GetCurrentAsync(Cancellation);
    }

    [Fact]
    public async Task A_rotation_whose_result_cannot_be_read_puts_back_what_was_there()
    {
        using var keys = new ArchiveKeys(_store, TestKeys.With(1));
        var key = await keys.GetCurrentAsync(Cancellation);
        var before = _store[ArchiveKeys.GetBlobName(key.Id)];
        _store.Corrupt = (_, bytes) =>
        {
            _store.Corrupt = null;
            bytes[^10] ^= 1;
            return bytes;
        };
        using var both = new ArchiveKeys(_store, TestKeys.With(1, 2));
        await Assert.ThrowsAsync<InvalidDataException>(async () => await both.RewrapAsync(Cancellation));
        Assert.Equal(before, _store[ArchiveKeys.GetBlobName(key.Id)]);
        Assert.Equal(1, await both.RewrapAsync(Cancellation));

        // Where nothing is left to do, what is there must still unwrap: the old master key is about to go.
        using var mistaken = new ArchiveKeys(_store, TestKeys.With(1, 2).Mistake(2, 3));
        await Assert.ThrowsAsync<ArchiveKeyException>(async () => await mistaken.RewrapAsync(Cancellation));
    }

    [Fact]
    public async Task After_Dispose_no_key_is_given_and_none_wraps()
    {
        var keys = new ArchiveKeys(_store, TestKeys.With(1));
        var key = await keys.GetCurrentAsync(Cancellation);
        var names = _store.Names;
        keys.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await keys.GetAsync(key.Id, Cancellation));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await keys.GetCurrentAsync(Cancellation));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await keys.CreateAsync(Cancellation));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await keys.RewrapAsync(Cancellation));
        Assert.Throws<ObjectDisposedException>(() => ArchiveHarness.Write(ArchiveHarness.Records(8, 5), out _, new ArchiveWriterOptions { Key = key }));
        Assert.Equal(names, _store.Names);
    }

    [Fact]
    public async Task A_key_that_is_being_read_when_the_keys_are_disposed_is_not_kept()
    {
        using var maker = new ArchiveKeys(_store, TestKeys.With(1));
        var id = (await maker.GetCurrentAsync(Cancellation)).Id;
        var masters = new DisposingKeys(TestKeys.With(1));
        masters.Keys = new ArchiveKeys(_store, masters);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await masters.Keys.GetAsync(id, Cancellation));
    }

    [Fact]
    public async Task What_is_wrapped_while_a_key_is_cleared_is_wrapped_by_all_of_it()
    {
        for (var round = 0; round < 200; round++)
        {
            var key = new ArchiveKey(Guid.NewGuid(), TestKeys.Key(9));
            var wrapped = new byte[ObjectFormat.WrappedKeySize];
            var clearing = Task.Run(key.Clear, Cancellation);
            try
            {
                while (true)
                {
                    key.Wrap(TestKeys.Key(1), [], wrapped);
                    var secret = new byte[IKeyProvider.KeySize];
                    Assert.True(KeyWrap.TryUnwrap(TestKeys.Key(1), wrapped, [], secret));
                    Assert.Equal(TestKeys.Key(9), secret);
                }
            }
            catch (ObjectDisposedException)
            {
                await clearing;
            }
        }
    }

    private Task<ArchiveObject> OpenAsync(ArchiveKeys? keys) => ArchiveObject.OpenAsync(_store, Name, keys, cancellationToken: Cancellation).AsTask();

    private Task WriteAsync(List<ArchivedRecord> records, ArchiveKey key)
    {
        var options = ArchiveHarness.Small;
        options.Key = key;
        _store[Name] = ArchiveHarness.Write(records, out _, options);
        return Task.CompletedTask;
    }

    // Disposes the keys between the reading of a blob and its keeping.
    private sealed class DisposingKeys(TestKeys keys) : IKeyProvider
    {
        public ArchiveKeys? Keys { get; set; }

        public Guid CurrentKeyId => keys.CurrentKeyId;

        public bool TryGetKey(Guid keyId, Span<byte> destination)
        {
            Keys!.Dispose();
            return keys.TryGetKey(keyId, destination);
        }
    }
}
