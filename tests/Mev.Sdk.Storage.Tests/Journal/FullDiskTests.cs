using System.Diagnostics;
using System.Diagnostics.Metrics;
using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Tests.Journal;

public sealed class FullDiskTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FailingDisk _disk = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, 10_000)]
    [InlineData(true, 10_000)]
    [InlineData(false, 63_000)]
    [InlineData(true, 131_000)]
    public async Task Full_disk_stops_the_source_and_space_lets_it_go_on_without_loss(bool encrypted, long space)
    {
        var keys = encrypted ? TestKeys.With(1) : null;
        var journal = RecordJournal.Prepare(JournalHarness.Options(_folder.Path), null, null, keys, _disk);
        using var full = new MeterListener();
        var balance = 0;
        full.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Name == "mev.storage.journal.disk_full")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        full.SetMeasurementEventCallback<int>((_, value, _, _) => Interlocked.Add(ref balance, value));
        full.Start();
        journal.StartWriter();
        await journal.WriteAsync(20);
        _disk.Space = space;

        var taken = 20UL;
        var waiting = Task.CompletedTask;
        while (waiting.IsCompleted)
        {
            Assert.True(taken < 100_000, "The source was never stopped.");
            var batch = TestRecords.Transactions(journal.NextLsn, 10, taken + 1);
            waiting = journal.WriteAsync(batch, TestContext.Current.CancellationToken).AsTask();
            await Task.WhenAny(waiting, Task.Delay(300, TestContext.Current.CancellationToken));
            taken += 10;
        }

        await JournalHarness.UntilAsync(() => journal.State == JournalState.DiskFull);
        Assert.Equal(1, Volatile.Read(ref balance));
        Assert.Null(journal.Fault);
        var durable = journal.DurableLsn;
        Assert.Equal(durable.Counter, (ulong)(await journal.ReadAllAsync()).Count);
        var refusals = _disk.Refusals;
        await JournalHarness.UntilAsync(() => _disk.Refusals > refusals + 1);
        Assert.False(waiting.IsCompleted);

        _disk.Space = -1;
        await waiting;
        await journal.FlushAsync(TestContext.Current.CancellationToken);
        Assert.Equal(JournalState.Writing, journal.State);
        Assert.Equal(0, Volatile.Read(ref balance));
        await CheckAsync(journal, taken);
        await journal.DisposeAsync();
        Assert.Equal(JournalState.Closed, journal.State);

        await using var again = RecordJournal.Open(JournalHarness.Options(_folder.Path), keys: keys);
        await CheckAsync(again, taken);
    }

    [Fact]
    public async Task Sync_that_reports_a_full_disk_is_final()
    {
        await using var journal = JournalHarness.Open(JournalHarness.Options(_folder.Path), _disk);
        await journal.WriteAsync(20);
        (_disk.SyncsFail, _disk.IsFullWhenSynced) = (true, true);
        await Assert.ThrowsAsync<JournalFaultedException>(() => journal.WriteAsync(20, firstSequence: 21));
        Assert.Equal(JournalState.Faulted, journal.State);
    }

    [Fact]
    public async Task Host_that_stops_on_a_full_disk_does_not_hang_and_keeps_what_was_durable()
    {
        var journal = JournalHarness.Open(JournalHarness.Options(_folder.Path), _disk);
        var durable = await journal.WriteAsync(20);
        _disk.Space = 100;
        var batch = TestRecords.Transactions(journal.NextLsn, 10, 21);
        await journal.WriteAsync(batch, TestContext.Current.CancellationToken);
        await JournalHarness.UntilAsync(() => journal.State == JournalState.DiskFull);
        await journal.DisposeAsync();
        Assert.Equal(durable, journal.Fault!.DurableLsn);

        await using var again = RecordJournal.Open(JournalHarness.Options(_folder.Path));
        Assert.Equal(20, (await again.ReadAllAsync()).Count);
        Assert.True(again.NextLsn > batch.LastLsn);
    }

    [Fact]
    public async Task Real_file_system_that_is_full_is_waited_for()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Mounting a small tmpfs takes Linux and root.");

        // Far more than what is free and the buffers hold, however well it compresses.
        const int Records = 10_000;
        var mount = _folder.Combine("small");
        Directory.CreateDirectory(mount);
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", mount), "No right to mount a tmpfs here.");
        try
        {
            var ballast = Path.Combine(mount, "ballast");
            await File.WriteAllBytesAsync(ballast, new byte[(8 << 20) - (324 << 10)], TestContext.Current.CancellationToken);
            var options = JournalHarness.Options(Path.Combine(mount, "journal"));
            ulong written = 0;
            await using (var journal = RecordJournal.Open(options))
            {
                var writing = Task.Run(async () =>
                {
                    for (; written < Records; written += 10)
                    {
                        var batch = TestRecords.Transactions(journal.NextLsn, 10, written + 1);
                        await journal.WriteAsync(batch, TestContext.Current.CancellationToken);
                        batch.Release();
                    }
                }, TestContext.Current.CancellationToken);
                await JournalHarness.UntilAsync(() => journal.State == JournalState.DiskFull);
                Assert.False(writing.IsCompleted);
                File.Delete(ballast);
                await writing;
                await journal.FlushAsync(TestContext.Current.CancellationToken);
                Assert.Equal(JournalState.Writing, journal.State);
                await CheckAsync(journal, Records);
            }

            await using var again = RecordJournal.Open(options);
            await CheckAsync(again, Records);
        }
        finally
        {
            Assert.True(Run("umount", "-l", mount));
        }
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true });
        process!.WaitForExit();
        return process.ExitCode == 0;
    }

    private static async Task CheckAsync(RecordJournal journal, ulong count)
    {
        var read = await journal.ReadAllAsync();
        Assert.Equal(count, (ulong)read.Count);
        Assert.All(read, static (r, i) => Assert.True(r.Lsn.Counter == (ulong)i + 1 && r.Position.Sequence == (ulong)i + 1 && r.IsExpectedTransaction()));
    }
}
