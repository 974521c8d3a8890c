using System.Net.Sockets;
using Mev.Sdk.Ingest.Publishing;
using Mev.Sdk.Ingest.Tests.Support;

namespace Mev.Sdk.Ingest.Tests.Transports;

public sealed class UnixTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mev-unix-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string SocketPath => Path.Combine(_folder.FullName, "engine.sock");

    private string Endpoint => $"unix://{SocketPath}";

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task RunAsync_records_over_a_unix_socket_arrive_once_in_order()
    {
        await using var engine = Listen();
        await using var host = new Stand(Endpoint);
        for (var i = 0; i < 100; i++)
        {
            await engine.PublishAsync(Frames.Many(i * 50, 50, padding: i), Token);
        }

        await host.Sink.WaitForAsync(5000);

        Assert.Equal(Enumerable.Range(0, 5000).Select(i => (long)i), host.Sink.Numbers);
        Assert.Equal([Endpoint], engine.Endpoints);
    }

    [Fact]
    public async Task Start_socket_file_is_the_engine_users_own_and_goes_with_the_engine()
    {
        await using (Listen())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, Mode());
        }

        Assert.False(File.Exists(SocketPath));
        const UnixFileMode Shared = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
        await using (EnginePublisher.Start(new EnginePublisherOptions { Endpoints = { Endpoint }, UnixSocketMode = Shared }))
        {
            Assert.Equal(Shared, Mode());
        }

        UnixFileMode Mode() => OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(SocketPath);
    }

    [Fact]
    public async Task Start_socket_file_of_a_killed_engine_is_replaced()
    {
        LeaveStale();
        await using var engine = Listen();
        await engine.PublishAsync(Frames.Many(0, 3), Token);
        await using var host = new Stand(Endpoint);
        await host.Sink.WaitForAsync(3);
    }

    [Fact]
    public async Task Start_where_something_else_stands_says_what_and_leaves_it()
    {
        await using (Listen())
        {
            Assert.Contains("another process listens there", Refused(), StringComparison.Ordinal);
        }

        await File.WriteAllTextAsync(SocketPath, "", Token);
        Assert.Contains("a file that is no socket stands there", Refused(), StringComparison.Ordinal);
        Assert.True(File.Exists(SocketPath));

        var missing = Assert.Throws<IOException>(() => EnginePublisher.Start(new EnginePublisherOptions { Endpoints = { $"unix://{_folder.FullName}/no/engine.sock" } }));
        Assert.Contains($"Create the folder {_folder.FullName}/no first", missing.Message, StringComparison.Ordinal);

        string Refused() => Assert.Throws<IOException>(Listen).Message;
    }

    [Fact]
    public async Task RunAsync_missing_and_abandoned_sockets_are_told_apart_until_the_engine_comes()
    {
        await using var host = new Stand(Endpoint);
        await Eventually.BecomesAsync(() => host.Snapshot.Reason.Contains($"there is no socket {SocketPath}; start the engine", StringComparison.Ordinal), () => host.Snapshot.Reason);

        LeaveStale();
        await Eventually.BecomesAsync(() => host.Snapshot.Reason.Contains("nobody listens on the socket", StringComparison.Ordinal), () => host.Snapshot.Reason);

        await using var engine = Listen();
        await engine.PublishAsync(Frames.Many(0, 3), Token);
        await host.Sink.WaitForAsync(3);
    }

    [Fact]
    public async Task RunAsync_engine_restarted_on_the_same_socket_goes_on_as_a_new_session()
    {
        await using var host = new Stand(Endpoint);
        await using (var first = Listen())
        {
            await first.PublishAsync(Frames.Many(0, 10), Token);
            await host.Sink.WaitForAsync(10);
        }

        await using var second = Listen();
        await second.PublishAsync(Frames.Many(10, 10), Token);
        await host.Sink.WaitForAsync(20);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => (long)i), host.Sink.Numbers);
    }

    private EnginePublisher Listen() => EnginePublisher.Start(new EnginePublisherOptions { Endpoints = { Endpoint } });

    // What a kill leaves: a socket's file that nobody listens on. .NET removes the name it bound, so it gets another in between.
    private void LeaveStale()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(SocketPath + ".bound"));
        File.Move(SocketPath + ".bound", SocketPath);
    }
}
