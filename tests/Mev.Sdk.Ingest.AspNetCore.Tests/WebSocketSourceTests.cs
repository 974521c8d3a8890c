using Mev.Sdk.Ingest.AspNetCore.Tests.Support;
using Mev.Sdk.Ingest.Publishing;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Ingest.Transports.Tls;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.AspNetCore.Tests;

public sealed class WebSocketSourceTests : IDisposable
{
    private readonly TestCertificates _certificates = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public async Task RunAsync_messages_of_any_size_give_each_record_once_in_order()
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions());
        await using var server = await WebSocketEngine.StartAsync(engine.LocalEndPoint);
        await using var host = new SourceStand(server.Endpoint, options => options.ReconnectAfterEnd = false);
        await engine.WaitForSubscriberAsync(Token);
        for (var i = 0; i < 100; i++)
        {
            await engine.PublishAsync(Frames.Many(i * 50, 50, padding: i * 10), Token);
        }

        await engine.CompleteAsync(GoodbyeCode.EndOfStream, "over", TimeSpan.FromMinutes(1), Token);
        await host.Running.WaitAsync(TimeSpan.FromSeconds(30), Token);

        Assert.Equal(Enumerable.Range(0, 5000).Select(i => (long)i), host.Sink.Numbers);
        Assert.Equal((SourceState.Ended, "over"), (host.Snapshot.State, host.Snapshot.Reason));
    }

    [Fact]
    public async Task RunAsync_text_message_is_an_error_that_is_named()
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions());
        await using var server = await WebSocketEngine.StartAsync(engine.LocalEndPoint, sendsText: true);
        await using var host = new SourceStand(server.Endpoint);
        await host.ReasonAsync("the peer sent a text message");
    }

    [Fact]
    public async Task RunAsync_server_of_another_protocol_is_refused()
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions());
        await using var server = await WebSocketEngine.StartAsync(engine.LocalEndPoint, subProtocol: "chat");
        await using var host = new SourceStand(server.Endpoint);
        await host.ReasonAsync("cannot connect: ");
        await using var silent = await WebSocketEngine.StartAsync(engine.LocalEndPoint, subProtocol: null);
        await using var second = new SourceStand(silent.Endpoint);
        await second.ReasonAsync("does not answer the sub-protocol mev-engine-stream.v1");
    }

    [Fact]
    public async Task RunAsync_nobody_listens_says_what_the_system_says()
    {
        await using var host = new SourceStand("ws://127.0.0.1:1/engine");
        await host.ReasonAsync("refused");
    }

    [Theory]
    [InlineData("authority")]
    [InlineData("pin")]
    [InlineData("client certificate")]
    public async Task RunAsync_secured_server_that_is_trusted_streams(string trust)
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions());
        await using var server = await WebSocketEngine.StartAsync(engine.LocalEndPoint, _certificates.Server, asksForCertificate: trust == "client certificate");
        await using var host = new SourceStand(server.Endpoint, options => Trust(options.Tls, trust));
        Assert.StartsWith("wss://", server.Endpoint, StringComparison.Ordinal);
        await engine.PublishAsync(Frames.Many(0, 1000, padding: 200), Token);
        await host.Sink.WaitForAsync(1000);
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (long)i), host.Sink.Numbers);
    }

    [Fact]
    public async Task RunAsync_secured_server_that_is_not_trusted_gets_nothing()
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions());
        await using var server = await WebSocketEngine.StartAsync(engine.LocalEndPoint, _certificates.Server);
        await using var host = new SourceStand(server.Endpoint);
        await host.ReasonAsync("certificate");
        Assert.Equal(0, engine.SubscriberCount);
    }

    private void Trust(TlsClientOptions tls, string trust)
    {
        if (trust == "pin")
        {
            tls.PinnedSha256.Add(_certificates.ServerPin);
            return;
        }

        tls.CaFile = _certificates.CaFile;
        if (trust == "client certificate")
        {
            tls.CertificateFile = _certificates.ClientFile;
            tls.CertificatePassword = TestCertificates.Password;
        }
    }
}
