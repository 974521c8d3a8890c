using System.Text;
using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Logging;

namespace Mev.Sdk.Storage.Tests.Journal;

public sealed class EncryptionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string First => _folder.Combine("00000001.mevj");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(JournalCompression.Fast)]
    [InlineData(JournalCompression.None)]
    public async Task Encrypted_journal_reads_back_and_shows_nothing_on_disk(JournalCompression compression)
    {
        var keys = TestKeys.With(1);
        Lsn last;
        await using (var journal = RecordJournal.Open(JournalHarness.Options(_folder.Path, o => o.Compression = compression), keys: keys))
        {
            last = await journal.WriteAsync(700);
            Assert.All(await journal.ReadAllAsync(), static (r, i) => Assert.True(r.Position.Sequence == (ulong)i + 1 && r.IsExpectedTransaction()));
        }

        var disk = string.Concat(Directory.GetFiles(_folder.Path, "*.mevj").Select(static f => Encoding.Latin1.GetString(File.ReadAllBytes(f))));
        Assert.DoesNotContain(Encoding.Latin1.GetString(TestRecords.Transaction(300, 1003).AsSpan(48, 24)), disk, StringComparison.Ordinal);
        Assert.DoesNotContain(Encoding.Latin1.GetString(TestKeys.Key(1)), disk, StringComparison.Ordinal);

        await using var again = RecordJournal.Open(JournalHarness.Options(_folder.Path), keys: keys);
        Assert.Equal(last, again.DurableLsn);
        Assert.Equal(700, (await again.ReadAllAsync()).Count);
        Assert.Equal([new SequenceRange(7, 99, 1, 700)], again.DurableRanges);
    }

    [Fact]
    public async Task Key_and_nonce_never_repeat_over_segments_restarts_and_recoveries()
    {
        for (ulong run = 0; run < 4; run++)
        {
            await using var journal = RecordJournal.Open(JournalHarness.Options(_folder.Path), keys: TestKeys.With(1));
            await journal.WriteAsync(400, firstSequence: run * 400 + 1);
        }

        // A crash: the last segment without its seal, sealed again by recovery, three times over.
        var last = Directory.GetFiles(_folder.Path, "*.mevj").Order().Last();
        var seals = new HashSet<ulong>();
        for (var i = 0; i < 3; i++)
        {
            using (var file = File.OpenHandle(last, FileMode.Open, FileAccess.ReadWrite))
            {
                RandomAccess.SetLength(file, RandomAccess.GetLength(file) - BlockHeader.Size);
            }

            File.Delete(_folder.Combine(LsnLimitFile.FileName));
            File.Delete(_folder.Combine(DurableMark.FileName));
            await RecordJournal.Open(JournalHarness.Options(_folder.Path), keys: TestKeys.With(1)).DisposeAsync();
            seals.Add(Headers(last)[^1].NonceCounter);
        }

        Assert.Equal(3, seals.Count);
        Assert.All(seals, static n => Assert.True(n >= 1UL << 63));
        var pairs = new HashSet<(string, ulong)>();
        foreach (var path in Directory.GetFiles(_folder.Path, "*.mevj"))
        {
            var salt = Convert.ToHexString((await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken)).AsSpan(56, 12));
            Assert.All(Headers(path), header => Assert.True(pairs.Add((salt, header.NonceCounter))));
        }
    }

    [Fact]
    public async Task Change_by_somebody_who_repairs_the_checksums_is_noticed()
    {
        await WriteAsync(60);
        var bytes = await File.ReadAllBytesAsync(First, TestContext.Current.CancellationToken);
        var blocks = Offsets(bytes);
        var random = new Random(5);
        for (var run = 0; run < 300; run++)
        {
            var damaged = (byte[])bytes.Clone();
            var block = blocks[random.Next(blocks.Count)];
            var header = HeaderAt(bytes, block);

            // Any bit of a header but the checksums themselves, or of a payload.
            var inHeader = header.StoredLength == 0 || random.Next(2) == 0;
            var at = (int)(block + (inHeader ? random.Next(120) : BlockHeader.Size + random.Next((int)header.StoredLength)));
            damaged[at] ^= (byte)(1 << random.Next(8));
            Repair(damaged, block, (int)header.StoredLength);
            await RefusedAsync(damaged, $"bit at {at} of the block at {block}");
        }
    }

    [Fact]
    public async Task Blocks_that_were_swapped_moved_or_left_out_are_noticed()
    {
        // Stored as they are, so that all blocks but the last have one length.
        await WriteAsync(120, static o => o.Compression = JournalCompression.None);
        var bytes = await File.ReadAllBytesAsync(First, TestContext.Current.CancellationToken);
        var offsets = Offsets(bytes);
        var size = (int)(offsets[1] - offsets[0]);
        Assert.Equal(size, offsets[2] - offsets[1]);

        var swapped = (byte[])bytes.Clone();
        bytes.AsSpan((int)offsets[0], size).CopyTo(swapped.AsSpan((int)offsets[1]));
        bytes.AsSpan((int)offsets[1], size).CopyTo(swapped.AsSpan((int)offsets[0]));
        await RefusedAsync(swapped, "swapped");
        await RefusedAsync([.. bytes[..(int)offsets[1]], .. bytes[(int)offsets[2]..]], "left out");
        await RefusedAsync(bytes[..^BlockHeader.Size], "without its seal");
        await RefusedAsync(bytes[..(int)offsets[2]], "cut behind a block");
        await RefusedAsync([.. bytes[..(int)offsets[2]], .. bytes[^BlockHeader.Size..]], "cut behind a block, seal kept");
        Assert.Equal(120, (await ReopenAsync(bytes)).Count);
    }

    [Fact]
    public async Task Segment_header_given_to_another_segment_is_noticed()
    {
        await WriteAsync(20);
        var bytes = await File.ReadAllBytesAsync(First, TestContext.Current.CancellationToken);
        foreach (var at in new[] { 16, 24, 36, 40, 56, 68 })
        {
            var damaged = (byte[])bytes.Clone();
            damaged[at] ^= 1;
            BitConverter.TryWriteBytes(damaged.AsSpan(124), Crc32C.Compute(damaged.AsSpan(0, 124)));
            await Assert.ThrowsAsync<JournalKeyException>(() => ReopenAsync(damaged));
        }
    }

    [Fact]
    public async Task Missing_and_wrong_keys_are_named_with_id_and_configuration_key()
    {
        await WriteAsync(20);
        var id = TestKeys.Id(1).ToString("N");
        var before = await File.ReadAllBytesAsync(First, TestContext.Current.CancellationToken);
        foreach (var keys in new[] { null, TestKeys.With(2), TestKeys.With(2).Mistake(1, 2) })
        {
            var e = Assert.Throws<JournalKeyException>(() => RecordJournal.Open(JournalHarness.Options(_folder.Path), keys: keys));
            Assert.Contains($"Mev:Storage:Journal:Encryption:Keys:{id}", e.Message, StringComparison.Ordinal);
            Assert.Contains("00000001.mevj", e.Path, StringComparison.Ordinal);
            Assert.Equal(TestKeys.Id(1), e.KeyId);
        }

        var current = TestKeys.With(1);
        current.CurrentKeyId = TestKeys.Id(3);
        Assert.Equal(TestKeys.Id(3), Assert.Throws<JournalKeyException>(() => RecordJournal.Open(JournalHarness.Options(_folder.Path), keys: current)).KeyId);
        Assert.Equal(before, await File.ReadAllBytesAsync(First, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Rotated_keys_and_plain_segments_are_one_log_while_their_keys_are_there()
    {
        IKeyProvider?[] runs = [null, TestKeys.With(1), TestKeys.With(1, 2), TestKeys.With(1, 2, 3)];
        for (var run = 0; run < runs.Length; run++)
        {
            await using var journal = RecordJournal.Open(JournalHarness.Options(_folder.Path), keys: runs[run]);
            await journal.WriteAsync(50, firstSequence: (ulong)run * 50 + 1);
            Assert.Equal(50 * (run + 1), (await journal.ReadAllAsync()).Count);
        }

        // Rotation while the journal is open: the next segment takes the new key.
        var keys = TestKeys.With(1, 2, 3, 4);
        await using (var journal = RecordJournal.Open(JournalHarness.Options(_folder.Path), keys: keys))
        {
            await journal.WriteAsync(400, firstSequence: 201);
            keys.CurrentKeyId = TestKeys.Id(2);
            await journal.WriteAsync(400, firstSequence: 601);
            Assert.Equal(1000, (await journal.ReadAllAsync()).Count);
        }

        var used = Directory.GetFiles(_folder.Path, "*.mevj").Order().Select(static f => new Guid(File.ReadAllBytes(f).AsSpan(40, 16), bigEndian: true)).ToList();
        Assert.Equal([Guid.Empty, TestKeys.Id(1), TestKeys.Id(2), TestKeys.Id(3), TestKeys.Id(4)], used.Distinct());
        Assert.Equal(TestKeys.Id(2), used[^1]);
        Assert.Equal(TestKeys.Id(1), Assert.Throws<JournalKeyException>(() => RecordJournal.Open(JournalHarness.Options(_folder.Path), keys: TestKeys.With(2, 3, 4))).KeyId);
    }

    [Fact]
    public async Task Required_encryption_refuses_a_missing_key_and_plain_segments()
    {
        var required = JournalHarness.Options(_folder.Path, static o => o.Encryption.Required = true);
        Assert.Contains("CurrentKeyId", Assert.Throws<InvalidOperationException>(() => RecordJournal.Open(required)).Message, StringComparison.Ordinal);
        await using (var plain = RecordJournal.Open(JournalHarness.Options(_folder.Path)))
        {
            await plain.WriteAsync(5);
        }

        var e = Assert.Throws<InvalidDataException>(() => RecordJournal.Open(required, keys: TestKeys.With(1)));
        Assert.Contains("Mev:Storage:Journal:Encryption:Required", e.Message, StringComparison.Ordinal);
        Assert.Contains("00000001.mevj", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Required_encryption_never_falls_back_when_the_current_key_is_withdrawn()
    {
        var keys = TestKeys.With(1);
        await using var journal = RecordJournal.Open(JournalHarness.Options(_folder.Path, static o => o.Encryption.Required = true), keys: keys);
        await journal.WriteAsync(10);
        keys.CurrentKeyId = Guid.Empty;
        var fault = await Assert.ThrowsAsync<JournalFaultedException>(() => journal.WriteAsync(2000, firstSequence: 11));
        Assert.IsType<InvalidOperationException>(fault.InnerException);
        Assert.All(Directory.GetFiles(_folder.Path, "*.mevj"), static f => Assert.True(File.ReadAllBytes(f).AsSpan(40, 16).ContainsAnyExcept((byte)0)));
    }

    [Fact]
    public async Task Keys_of_the_configuration_work_in_both_notations_and_never_stand_in_a_message()
    {
        var hex = Convert.ToHexString(TestKeys.Key(1));
        foreach (var key in new[] { hex, Convert.ToBase64String(TestKeys.Key(1)) })
        {
            var options = JournalHarness.Options(_folder.Path, o =>
            {
                o.Encryption.Keys[TestKeys.Id(1).ToString("N")] = key;
                o.Encryption.CurrentKeyId = TestKeys.Id(1).ToString("N").ToUpperInvariant();
            });
            await using var journal = RecordJournal.Open(options);
            await journal.WriteAsync(5, firstSequence: (ulong)journal.Statistics.Records + 1);
            Assert.Equal(journal.Statistics.Records, (await journal.ReadAllAsync()).Count);
        }

        var wrong = JournalHarness.Options(_folder.Path, o =>
        {
            o.Encryption.Keys[TestKeys.Id(1).ToString("N")] = hex[2..];
            o.Encryption.Keys["abc"] = hex;
            o.Encryption.CurrentKeyId = "nobody";
        });
        var e = Assert.Throws<ArgumentException>(() => RecordJournal.Open(wrong));
        Assert.All([":Keys has the id 'abc...' of 3 characters", ":Keys:" + TestKeys.Id(1).ToString("N"), ":CurrentKeyId is no id of 32 hexadecimal digits, but 6 characters"], part => Assert.Contains(part, e.Message, StringComparison.Ordinal));
        Assert.DoesNotContain(hex[2..20], e.Message, StringComparison.OrdinalIgnoreCase);
        var exchanged = JournalHarness.Options(_folder.Path, o => (o.Encryption.Keys[hex], o.Encryption.CurrentKeyId) = (TestKeys.Id(1).ToString("N"), hex));
        Assert.DoesNotContain(hex[4..20], Assert.Throws<ArgumentException>(() => RecordJournal.Open(exchanged)).Message, StringComparison.OrdinalIgnoreCase);
        Assert.Throws<ArgumentException>(() => new ConfiguredKeyProvider(wrong.Encryption));

        var provider = new ConfiguredKeyProvider(new JournalEncryptionOptions { Keys = { [TestKeys.Id(1).ToString("N")] = hex } });
        Assert.Equal(Guid.Empty, provider.CurrentKeyId);
        Assert.True(provider.TryGetKey(TestKeys.Id(1), new byte[32]));
        provider.Dispose();
        Assert.False(provider.TryGetKey(TestKeys.Id(1), new byte[32]));
    }

    [Theory]
    [InlineData(true, false, 1)]
    [InlineData(true, true, 0)]
    [InlineData(false, false, 0)]
    public async Task Keys_without_a_current_one_are_warned_of(bool hasKey, bool isCurrent, int warnings)
    {
        var id = TestKeys.Id(1).ToString("N");
        var options = JournalHarness.Options(_folder.Path, o =>
        {
            if (hasKey)
            {
                o.Encryption.Keys[id] = Convert.ToHexString(TestKeys.Key(1));
            }

            o.Encryption.CurrentKeyId = isCurrent ? id : "";
        });
        var logger = new WarningLogger();
        await RecordJournal.Open(options, logger: logger).DisposeAsync();
        Assert.Equal(warnings, logger.Warnings.Count);
        Assert.All(logger.Warnings, static w => Assert.Contains("CurrentKeyId is empty", w, StringComparison.Ordinal));
    }

    private static BlockHeader HeaderAt(byte[] bytes, long offset)
    {
        var header = default(BlockHeader);
        bytes.AsSpan((int)offset, BlockHeader.Size).CopyTo(BlockHeader.AsBytes(ref header));
        return header;
    }

    private static List<long> Offsets(byte[] bytes)
    {
        var offsets = new List<long>();
        for (long at = SegmentHeader.Size; at < bytes.Length; at += HeaderAt(bytes, at).TotalLength)
        {
            offsets.Add(at);
        }

        return offsets;
    }

    private static List<BlockHeader> Headers(string path)
    {
        var bytes = File.ReadAllBytes(path);
        return [.. Offsets(bytes).Select(at => HeaderAt(bytes, at))];
    }

    private static void Repair(byte[] bytes, long block, int stored)
    {
        var at = (int)block;
        BitConverter.TryWriteBytes(bytes.AsSpan(at + 120), Crc32C.Compute(bytes.AsSpan(at + BlockHeader.Size, stored)));
        BitConverter.TryWriteBytes(bytes.AsSpan(at + 124), Crc32C.Compute(bytes.AsSpan(at, 124)));
    }

    private async Task WriteAsync(int count, Action<JournalOptions>? change = null)
    {
        await using var journal = RecordJournal.Open(
            JournalHarness.Options(_folder.Path, o =>
            {
                (o.BlockBytes, o.SegmentBytes) = (4 << 10, 1 << 20);
                change?.Invoke(o);
            }),
            keys: TestKeys.With(1));
        await journal.WriteAsync(count, perBatch: count);
    }

    private async Task RefusedAsync(byte[] segment, string what)
    {
        try
        {
            var read = await ReopenAsync(segment);
            Assert.Fail($"{what}: {read.Count} records were read.");
        }
        catch (InvalidDataException e)
        {
            Assert.Contains("00000001.mevj", e.Message, StringComparison.Ordinal);
            Assert.Contains("byte", e.Message, StringComparison.Ordinal);
        }
    }

    private async Task<List<StoredRecord>> ReopenAsync(byte[] segment)
    {
        await File.WriteAllBytesAsync(First, segment, TestContext.Current.CancellationToken);
        await using var journal = RecordJournal.Open(JournalHarness.Options(_folder.Path), keys: TestKeys.With(1));
        return await journal.ReadAllAsync();
    }

    private sealed class WarningLogger : ILogger<RecordJournal>
    {
        public List<string> Warnings { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel == LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                Warnings.Add(formatter(state, exception));
            }
        }
    }
}
