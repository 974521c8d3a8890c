using System.Buffers.Binary;
using System.Security.Cryptography;
using Mev.Sdk.Records;
using Mev.Sdk.Solana.Meta;
using Mev.Sdk.Solana.Transactions;
using Mev.Sdk.Storage.Archive;
using Mev.Sdk.Storage.Archive.Columns;
using Mev.Sdk.Storage.Blobs;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Tests.Archive;

public sealed class KeyDictionaryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FolderBlobStore _store;

    public KeyDictionaryTests() => _store = new FolderBlobStore(_folder.Combine("blobs"));

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Build_orders_keys_by_transactions_and_leaves_out_rare_and_well_known_ones()
    {
        var builder = new KeyDictionaryBuilder();
        Assert.True(builder.Add(Transaction(Key(1), Key(2), Key(3), WellKnownKeys.All[1])));
        Assert.True(builder.Add(Transaction(Key(1), Key(3), Key(4), WellKnownKeys.All[1])));
        Assert.True(builder.Add(Transaction(Key(5), Key(3), Key(1), Key(2))));
        Assert.True(builder.Add(Transaction(Key(6), Key(3))));
        Assert.Equal((4, 0), (builder.Transactions, builder.MaxError));
        Assert.Equal([Key(3), Key(1), Key(2)], builder.Build()!.Keys.ToArray());
        Assert.Equal([Key(3), Key(1)], builder.Build(maxKeys: 2)!.Keys.ToArray());
        Assert.Equal([Key(3), Key(1)], builder.Build(minTransactions: 3)!.Keys.ToArray());
        Assert.Equal(6, builder.Build(minTransactions: 1)!.Keys.Length);
        Assert.Null(builder.Build(minTransactions: 5));
        Assert.Null(new KeyDictionaryBuilder().Build());
    }

    [Fact]
    public void Build_counts_a_transaction_once_for_each_key_and_takes_mints_and_owners_too()
    {
        var builder = new KeyDictionaryBuilder();
        for (var i = 0; i < 2; i++)
        {
            // The second account holds a token for the first: the mint is no account of the transaction.
            builder.Add(Transaction(new StatusMetaBuilder()
                .AddBalance(1, 1).AddBalance(2, 2)
                .AddPostTokenBalance(new TokenBalance(1, Key(9), Key(1), WellKnownKeys.All[1], 5, 6)), Key(1), Key(2)));
        }

        builder.Add(Transaction(Key(2), Key(7)));
        Assert.Equal([Key(2), .. new[] { Key(1), Key(9) }.OrderBy(static k => k.ToString(), StringComparer.Ordinal)], Sorted(builder.Build()!.Keys.ToArray()));

        static Pubkey[] Sorted(Pubkey[] keys) => [keys[0], .. keys[1..].OrderBy(static k => k.ToString(), StringComparer.Ordinal)];
    }

    [Fact]
    public void Build_is_the_same_for_the_same_counts()
    {
        var (forward, backward) = (new KeyDictionaryBuilder(), new KeyDictionaryBuilder());
        var frames = Enumerable.Range(0, 200).Select(static i => Transaction(Key(1000 + i), Key(i % 50), Key(100 + (i % 7)))).ToList();
        frames.ForEach(frame => forward.Add(frame));
        Enumerable.Reverse(frames).ToList().ForEach(frame => backward.Add(frame));
        Assert.True(forward.Build()!.Hash.SequenceEqual(backward.Build()!.Hash));
    }

    [Fact]
    public void Add_leaves_other_records_alone()
    {
        var builder = new KeyDictionaryBuilder();
        Assert.False(builder.Add(TestRecords.Metric(1)));
        Assert.False(builder.Add([1, 2, 3]));
        var damaged = Transaction(Key(1), Key(2));
        damaged[^20] ^= 1;
        Assert.False(builder.Add(damaged));
        Assert.Equal(0, builder.Transactions);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(64)]
    [InlineData(500)]
    public void Sketch_never_counts_too_much_and_keeps_what_is_frequent(int tracked)
    {
        var builder = new KeyDictionaryBuilder(tracked);
        var random = new Random(tracked);
        var truth = new Dictionary<Pubkey, int>();
        for (var i = 0; i < 3000; i++)
        {
            // A few keys that many name, and a payer that nobody else has.
            Pubkey[] keys = [Key(1_000_000 + i), Key((int)(Math.Pow(random.NextDouble(), 4) * 300)), Key(500 + random.Next(5))];
            builder.Add(Transaction(keys));
            foreach (var key in keys.Distinct())
            {
                truth[key] = truth.GetValueOrDefault(key) + 1;
            }
        }

        Assert.True(builder.MaxError > 0);
        var kept = builder.Build() is { } built ? built.Keys.ToArray() : [];
        Assert.All(kept, key => Assert.True(truth[key] >= 2));
        Assert.All(truth.Where(pair => pair.Value >= builder.MaxError + 2), pair => Assert.Contains(pair.Key, kept));
        Assert.True(kept.Length <= tracked);
    }

    [Fact]
    public async Task Save_then_load_gives_the_keys_and_checks_the_hash()
    {
        var dictionary = KeyDictionary.Create([Key(3), Key(1), Key(2)]);
        Assert.Equal("dictionaries/" + Convert.ToHexStringLower(SHA256.HashData(dictionary.Blob)), dictionary.BlobName);
        await dictionary.SaveAsync(_store, Token);
        await dictionary.SaveAsync(_store, Token);
        var loaded = await KeyDictionary.LoadAsync(_store, dictionary.Hash.ToArray(), Token);
        Assert.Equal(dictionary.Keys.ToArray(), loaded.Keys.ToArray());
        Assert.Equal(3 * Pubkey.Size, (await _store.GetInfoAsync(dictionary.BlobName, Token))!.Value.Length);

        var missing = await Assert.ThrowsAsync<BlobNotFoundException>(async () => await KeyDictionary.LoadAsync(_store, new byte[32], Token));
        Assert.Contains("cannot be read without", missing.Message, StringComparison.Ordinal);

        var damaged = dictionary.Blob.ToArray();
        damaged[40] ^= 1;
        await _store.WriteAsync(dictionary.BlobName, new MemoryStream(damaged), BlobCondition.None, Token);
        var wrong = await Assert.ThrowsAsync<InvalidDataException>(async () => await KeyDictionary.LoadAsync(_store, dictionary.Hash.ToArray(), Token));
        Assert.Contains(dictionary.BlobName, wrong.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidDataException>(async () => await dictionary.SaveAsync(_store, Token));

        await _store.WriteAsync(dictionary.BlobName, new MemoryStream(new byte[(KeyDictionary.MaxKeys * Pubkey.Size) + 1]), BlobCondition.None, Token);
        await Assert.ThrowsAsync<InvalidDataException>(async () => await KeyDictionary.LoadAsync(_store, dictionary.Hash.ToArray(), Token));
    }

    [Fact]
    public void Read_refuses_what_is_no_dictionary()
    {
        Refused(new byte[33], "not whole keys");
        Refused([], "1 to 65536 keys");
        Refused(new byte[64], "twice");
        Assert.Throws<ArgumentException>(() => KeyDictionary.GetBlobName(new byte[31]));
        Assert.Throws<ArgumentException>(() => KeyDictionary.Create([]));
        Assert.Throws<ArgumentException>(() => KeyDictionary.Create(Enumerable.Range(0, KeyDictionary.MaxKeys + 1).Select(Key).ToArray()));
        Assert.Equal(KeyDictionary.MaxKeys, KeyDictionary.Create(Enumerable.Range(0, KeyDictionary.MaxKeys).Select(Key).ToArray()).Keys.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => new KeyDictionaryBuilder(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new KeyDictionaryBuilder().Build(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new KeyDictionaryBuilder().Build(KeyDictionary.MaxKeys + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new KeyDictionaryBuilder().Build(minTransactions: 0));

        static void Refused(byte[] blob, string why) =>
            Assert.Contains(why, Assert.Throws<InvalidDataException>(() => KeyDictionary.Read(blob, SHA256.HashData(blob))).Message, StringComparison.Ordinal);
    }

    private static byte[] Transaction(params Pubkey[] keys) => Transaction(null, keys);

    private static byte[] Transaction(StatusMetaBuilder? status, params Pubkey[] keys)
    {
        var builder = new TransactionBuilder().AddSignature(default).SetHeader(1, 0, 0).SetRecentBlockhash(Key(-7));
        foreach (var key in keys)
        {
            builder.AddKey(key);
        }

        var (wire, meta) = (builder.ToArray(), status?.ToArray() ?? []);
        var record = default(TransactionRecord);
        var frame = new byte[TransactionView.GetFrameLength(0, wire.Length, meta.Length)];
        TransactionView.Write(frame, 0, in record, [], wire, meta);
        FrameWriter.Stamp(frame, 1, 0);
        return frame;
    }

    private static Pubkey Key(int number)
    {
        Span<byte> bytes = stackalloc byte[Pubkey.Size];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number + 1);
        SHA256.HashData(bytes[..4], bytes);
        return new Pubkey(bytes);
    }
}
