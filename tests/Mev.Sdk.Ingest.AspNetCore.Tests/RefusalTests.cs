using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using Mev.Sdk.Ingest.Accepting;
using Mev.Sdk.Ingest.AspNetCore.Tests.Support;
using Mev.Sdk.Ingest.Publishing;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Logging;

namespace Mev.Sdk.Ingest.AspNetCore.Tests;

public sealed class RefusalTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task HandleAsync_request_that_is_no_engine_gets_a_plain_answer()
    {
        await using var host = await EngineHost.StartAsync(EngineStreamTests.Accepting("engine"));
        using var http = new HttpClient();
        var answer = await http.GetAsync(new Uri(host.Http + "/engine"), Token);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("mev-engine-stream.v1", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);

        using var page = new HttpRequestMessage(HttpMethod.Get, host.Http + "/engine");
        page.Headers.Add("Origin", "https://elsewhere.example");
        Assert.Equal(HttpStatusCode.Forbidden, (await http.SendAsync(page, Token)).StatusCode);
    }

    [Theory]
    [InlineData("https://elsewhere.example", "mev-engine-stream.v1", "403")]
    [InlineData("https://dashboard.example", "mev-engine-stream.v1", null)]
    [InlineData(null, "mev-engine-stream.v1", null)]
    [InlineData(null, "chat", "400")]
    [InlineData(null, null, "400")]
    public async Task HandleAsync_web_pages_and_other_protocols_are_refused(string? origin, string? protocol, string? status)
    {
        await using var host = await EngineHost.StartAsync(options =>
        {
            EngineStreamTests.Accepting("engine")(options);
            options.Accept.AllowedOrigins.Add("https://dashboard.example");
        });
        using var socket = new ClientWebSocket();
        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin);
        }

        if (protocol is not null)
        {
            socket.Options.AddSubProtocol(protocol);
        }

        var connecting = socket.ConnectAsync(new Uri(host.Endpoint), Token);
        if (status is null)
        {
            await connecting;
            Assert.Equal("mev-engine-stream.v1", socket.SubProtocol);
        }
        else
        {
            var exception = await Assert.ThrowsAsync<WebSocketException>(() => connecting);
            Assert.Contains(status, exception.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("nobody")]
    public async Task RunAsync_without_key_and_without_a_policy_that_vouches_nothing_gets_in(string? policy)
    {
        var logger = new ListLogger<EngineAcceptor>();
        await using var host = await EngineHost.StartAsync(EngineStreamTests.Accepting("engine"), policy, logger: logger);
        var engineLog = new ListLogger<EnginePublisher>();
        await using var engine = EnginePublisher.Start(
            new EnginePublisherOptions { EngineName = "engine", Endpoints = { host.Endpoint } }, logger: engineLog);
        await engine.PublishAsync(Frames.Many(0, 10), Token);

        await Eventually.BecomesAsync(() => engineLog.Entries.Any(entry => policy is null
            ? entry.Text.Contains("goodbye (Unauthorized): this host does not accept this engine", StringComparison.Ordinal)
            : entry.Text.Contains("401", StringComparison.Ordinal)));

        Assert.Empty(host.Sink.All);
        Assert.Equal(SourceState.Connecting, host.Source("engine").State);
        if (policy is null)
        {
            // The host says goodbye first and logs then.
            await Eventually.BecomesAsync(() => logger.Entries.Any(entry => entry.Level == LogLevel.Warning && entry.Text.Contains("engine 'engine' has no key", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task RunAsync_unknown_engine_is_refused_and_said_once()
    {
        var logger = new ListLogger<EngineAcceptor>();
        await using var host = await EngineHost.StartAsync(EngineStreamTests.Accepting("engine"), logger: logger);
        await using var stranger = EngineStreamTests.Dial(host.Endpoint, "stranger");

        await Eventually.BecomesAsync(() => logger.Entries.Count(entry => entry.Text.Contains("no engine 'stranger' is configured", StringComparison.Ordinal)) > 2);

        Assert.Single(logger.Entries, entry => entry.Level == LogLevel.Warning);
    }

    [Fact]
    public async Task RunAsync_text_message_ends_the_connection()
    {
        await using var host = await EngineHost.StartAsync(EngineStreamTests.Accepting("engine"));
        using var socket = await ConnectAsync(host);
        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, Token);
        await EndsAsync(socket);
    }

    [Fact]
    public async Task RunAsync_silent_connection_is_given_up_and_its_place_is_free_again()
    {
        await using var host = await EngineHost.StartAsync(options =>
        {
            EngineStreamTests.Accepting("engine")(options);
            options.Accept.HandshakeTimeout = TimeSpan.FromMilliseconds(300);
            options.Accept.MaxConnections = 1;
        });
        using var silent = await ConnectAsync(host);
        await Eventually.BecomesAsync(() => host.Acceptor.ConnectionCount == 1);
        using var second = new ClientWebSocket();
        second.Options.AddSubProtocol(EngineAcceptor.SubProtocol);
        var exception = await Record.ExceptionAsync(() => second.ConnectAsync(new Uri(host.Endpoint), Token));
        Assert.True(exception is null || exception.Message.Contains("503", StringComparison.Ordinal));

        await EndsAsync(silent);
        await Eventually.BecomesAsync(() => host.Acceptor.ConnectionCount == 0);
        await using var engine = EngineStreamTests.Dial(host.Endpoint);
        await engine.PublishAsync(Frames.Many(0, 3), Token);
        await host.Sink.WaitForAsync(3);
    }

    [Fact]
    public async Task RunAsync_a_thousand_connections_of_garbage_leave_it_working()
    {
        await using var host = await EngineHost.StartAsync(options =>
        {
            EngineStreamTests.Accepting("engine")(options);
            options.Accept.HandshakeTimeout = TimeSpan.FromMilliseconds(500);
        });
        await using (var before = EngineStreamTests.Dial(host.Endpoint))
        {
            await before.PublishAsync(Frames.Many(0, 3), Token);
            await host.Sink.WaitForAsync(3);
        }

        var handles = Handles();
        await Parallel.ForAsync(0, 1000, new ParallelOptions { MaxDegreeOfParallelism = 40, CancellationToken = Token }, async (i, _) =>
        {
            var random = new Random(i);
            var bytes = new byte[random.Next(0, 5000)];
            random.NextBytes(bytes);
            if (i % 2 == 0)
            {
                await SendRawAsync(host.Http, bytes);
            }
            else
            {
                await SendGarbageAsync(host.Endpoint, bytes, isLeftOpen: i % 3 == 0);
            }
        });

        await Eventually.BecomesAsync(() => host.Acceptor.ConnectionCount == 0, () => $"{host.Acceptor.ConnectionCount} connections are left");
        await Eventually.BecomesAsync(() => Handles() < handles + 100, () => $"{Handles()} handles, {handles} before");
        await using var engine = EngineStreamTests.Dial(host.Endpoint);
        await engine.PublishAsync(Frames.Many(3, 100), Token);
        await host.Sink.WaitForAsync(103);
        Assert.Equal(Enumerable.Range(0, 103).Select(i => (long)i), host.Sink.Numbers);
    }

    [Fact]
    public async Task AddIngest_bad_accept_options_are_all_named()
    {
        var exception = await Assert.ThrowsAnyAsync<Exception>(() => EngineHost.StartAsync(options =>
        {
            options.Accept.MaxConnections = 0;
            options.Accept.HandshakeTimeout = TimeSpan.Zero;
            options.Accept.AllowedOrigins.Add("somewhere");
            options.Accept.Engines.Add(new AcceptedEngineOptions { Name = "a", EngineName = " " });
            options.Accept.Engines.Add(new AcceptedEngineOptions { Name = "a", EngineName = " " });
        }));
        foreach (var key in new[] { "MaxConnections", "HandshakeTimeout", "AllowedOrigins:0", "Engines:0:EngineName", "Engines:1:EngineName", "Engines:1:Name" })
        {
            Assert.Contains($"Mev:Ingest:Accept:{key}", exception.Message, StringComparison.Ordinal);
        }
    }

    private static async Task<ClientWebSocket> ConnectAsync(EngineHost host)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(EngineAcceptor.SubProtocol);
        await socket.ConnectAsync(new Uri(host.Endpoint), Token);
        return socket;
    }

    private static async Task EndsAsync(ClientWebSocket socket)
    {
        var buffer = new byte[4096];
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        try
        {
            while ((await socket.ReceiveAsync(buffer, limit.Token)).MessageType != WebSocketMessageType.Close)
            {
            }
        }
        catch (WebSocketException)
        {
            // Closed without a word: just as well.
        }
    }

    private static async Task SendRawAsync(string http, byte[] bytes)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, new Uri(http).Port, Token);
            await client.GetStream().WriteAsync(bytes, Token);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            // The host closed first.
        }
    }

    private static async Task SendGarbageAsync(string endpoint, byte[] bytes, bool isLeftOpen)
    {
        try
        {
            using var socket = new ClientWebSocket();
            socket.Options.AddSubProtocol(EngineAcceptor.SubProtocol);
            await socket.ConnectAsync(new Uri(endpoint), Token);
            await socket.SendAsync(bytes, WebSocketMessageType.Binary, true, Token);
            if (isLeftOpen)
            {
                await EndsAsync(socket);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or IOException or HttpRequestException)
        {
            // Refused, or closed first.
        }
    }

    private static int Handles() => OperatingSystem.IsLinux() ? Directory.GetFileSystemEntries("/proc/self/fd").Length : 0;
}
