using System.Runtime.CompilerServices;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Ingest.Transports;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Mev.Sdk.Ingest.Tests.Transports;

/// <summary>A journal that cannot be read when a source begins is waited for; without it nobody knows where to resume.</summary>
public sealed class UnreadableLogTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_log_that_cannot_be_read_is_tried_again_and_said_once(bool isForbidden)
    {
        var time = new FakeTimeProvider();
        var logger = new ListLogger<EngineRecordSource>();
        var log = new FailingLog(5, isForbidden ? new UnauthorizedAccessException("segment 3 may not be read.") : new IOException("the device is not ready."));
        await using var engine = new FakeEngine(async (_, stream) =>
        {
            await stream.WriteAsync(EngineBytes.Hello(next: 13));
            await stream.WriteAsync(EngineBytes.Record(13));
        });
        await using var host = new Stand(engine.Endpoint, log: log, time: time, logger: logger);

        await Eventually.BecomesAsync(() => log.Reads == 1 && host.Snapshot.State == SourceState.Disconnected);
        Assert.Contains("the journal cannot be read", host.Snapshot.Reason, StringComparison.Ordinal);
        Assert.Equal(0, engine.Connections);

        await Eventually.AdvanceUntilAsync(time, TimeSpan.FromSeconds(1), () => host.Sink.Numbers.Count == 1 && engine.SubscribedFrom.Count > 0);

        // Behind what is durable: the sixth reading told.
        Assert.Equal((6, 13UL), (log.Reads, Assert.Single(engine.SubscribedFrom)));
        var entry = Assert.Single(logger.Entries, static entry => entry.Text.Contains("the journal cannot be read", StringComparison.Ordinal));
        Assert.Equal(LogLevel.Error, entry.Level);
    }

    [Fact]
    public async Task RunAsync_log_whose_key_is_missing_ends_the_source_with_its_reason()
    {
        var log = new FailingLog(int.MaxValue, new InvalidOperationException("the key 5 of segment 3 is not there."));
        await using var engine = new FakeEngine(static (_, _) => Task.CompletedTask);
        var host = new Stand(engine.Endpoint, log: log);

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => host.Running);

        Assert.Contains("the key 5", exception.Message, StringComparison.Ordinal);
        Assert.Equal((SourceState.Ended, exception.Message), (host.Snapshot.State, host.Snapshot.Reason));
    }

    private sealed class FailingLog(int failures, Exception exception) : IRecordLog
    {
        private static readonly uint Source = SourceIds.FromName("engine");

        public int Reads { get; private set; }

        public Lsn NextLsn => new(100);

        public Lsn DurableLsn => new(99);

        public IReadOnlyList<StreamPosition> DurablePositions => [new(Source, EngineBytes.Session, 12)];

        public IReadOnlyList<SequenceRange> DurableRanges => [new(Source, EngineBytes.Session, 1, 12)];

        public async IAsyncEnumerable<RecordBatch> ReadAsync(Lsn from, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            if (++Reads <= failures)
            {
                throw exception;
            }

            yield break;
        }
    }
}
