using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Storage.Tests;

namespace Mev.Sdk.Storage.CrashHost;

/// <summary>Writes records whose content follows from their sequence, and prints each durable LSN: what was printed must be there later.</summary>
internal static class JournalRun
{
    public const uint Source = 7;
    public const ulong Session = 99;

    public static async Task<int> RunAsync(string folder, string fsync, string encryption)
    {
        var options = new JournalOptions
        {
            Directory = folder,
            Fsync = Enum.Parse<JournalFsync>(fsync),
            CommitInterval = TimeSpan.FromMilliseconds(5),
            BlockBytes = 16 << 10,
            SegmentBytes = 256 << 10,
            BufferBytes = 256 << 10,
            Encryption = CrashKeys.Options(encryption == "encrypted"),
        };
        await using var journal = RecordJournal.Open(options);
        var printer = new DurablePrinter();
        journal.AddListener(printer);
        var sequence = journal.DurablePositions.FirstOrDefault(static p => p.SessionId == Session).Sequence + 1;
        var sizes = new Random(Environment.ProcessId);
        while (true)
        {
            var count = sizes.Next(1, 60);
            var batch = TestRecords.Transactions(journal.NextLsn, count, sequence, Source, Session);
            await journal.WriteAsync(batch);
            batch.Release();
            sequence += (ulong)count;
        }
    }

    private sealed class DurablePrinter : IDurabilityListener
    {
        private readonly Stream _output = Console.OpenStandardOutput();

        public void OnDurable(Lsn durable, ReadOnlySpan<StreamPosition> positions) =>
            _output.Write(System.Text.Encoding.ASCII.GetBytes($"{durable.Value} {positions[^1].Sequence}\n"));
    }
}
