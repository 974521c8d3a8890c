using Mev.Sdk.Ingest.Accepting;
using Mev.Sdk.Ingest.Sequencing;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Ingest.Transports;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Mev.Sdk.Ingest.Tests.Transports;

public sealed class AcceptedSourceTests
{
    [Fact]
    public async Task ContextForAsync_failure_is_shared_for_a_while_and_then_tried_anew()
    {
        var time = new FakeTimeProvider();
        var tries = 0;
        var isWhole = false;
        var runner = new SourceRunner(
            new AcceptedEngineOptions(),
            "test",
            () =>
            {
                tries++;
                return isWhole ? null : throw new IOException("the journal cannot be read.");
            },
            gaps: null,
            monitor: null,
            time,
            NullLogger.Instance,
            isAccepting: true);
        var source = new AcceptedSource(runner, time);
        var intake = new RecordSequencer([new CollectingSink()]);
        for (var i = 0; i < 20; i++)
        {
            await Assert.ThrowsAsync<IOException>(() => source.ContextForAsync(() => intake));
        }

        Assert.Equal(1, tries);
        isWhole = true;
        time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal("engine", (await source.ContextForAsync(() => intake)).Name);
        Assert.Equal(2, tries);
    }

    [Fact]
    public void Doorkeeper_the_oldest_stranger_gives_way_and_no_engine_does()
    {
        var door = new Doorkeeper(2);
        AcceptedConnection[] connections = [.. Enumerable.Range(0, 5).Select(_ => new AcceptedConnection(TimeSpan.FromMinutes(1), TimeProvider.System, TestContext.Current.CancellationToken))];
        Assert.True(door.TryEnter(connections[0]));
        Assert.True(door.Prove(connections[0]));
        Assert.All(connections[1..4], connection => Assert.True(door.TryEnter(connection)));
        Assert.Equal([false, true, false, false], connections[..4].Select(connection => connection.IsReplaced));
        Assert.False(door.Prove(connections[1]));
        Assert.True(door.Prove(connections[2]));
        Assert.False(door.HasRoom);
        Assert.False(door.TryEnter(connections[4]));
        Assert.Equal(3, door.Count);
        door.Leave(connections[0]);
        door.Leave(connections[1]);
        door.Leave(connections[4]);
        Assert.True(door.HasRoom);
        Assert.Equal(2, door.Count);
        Assert.All(connections, connection => connection.Dispose());
    }
}
