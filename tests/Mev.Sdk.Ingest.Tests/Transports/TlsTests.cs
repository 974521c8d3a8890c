using System.Net.Sockets;
using Mev.Sdk.Ingest.Publishing;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Ingest.Transports;
using Mev.Sdk.Ingest.Transports.Tls;

namespace Mev.Sdk.Ingest.Tests.Transports;

public sealed class TlsTests : IDisposable
{
    private readonly TestCertificates _certificates = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _certificates.Dispose();

    [Theory]
    [InlineData("authority")]
    [InlineData("pin")]
    public async Task RunAsync_trusted_server_streams(string trust)
    {
        await using var engine = Listen();
        await using var host = Connect(engine, tls => Trust(tls, trust));
        for (var i = 0; i < 20; i++)
        {
            await engine.PublishAsync(Frames.Many(i * 100, 100, padding: i * 50), Token);
        }

        await host.Sink.WaitForAsync(2000);

        Assert.Equal(Enumerable.Range(0, 2000).Select(i => (long)i), host.Sink.Numbers);
        Assert.StartsWith("tls://127.0.0.1:", engine.Endpoints.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CompleteAsync_end_of_stream_over_tls_reaches_the_host()
    {
        await using var engine = Listen();
        await using var host = Connect(engine, tls => Trust(tls, "pin"));
        await engine.WaitForSubscriberAsync(Token);
        await engine.PublishAsync(Frames.Many(0, 1000, padding: 500), Token);
        await engine.CompleteAsync(Wire.GoodbyeCode.EndOfStream, "over", TimeSpan.FromMinutes(1), Token);
        await host.StateAsync(SourceState.Ended);
        Assert.Equal((1000, "over"), (host.Sink.Numbers.Count, host.Snapshot.Reason));
    }

    [Theory]
    [InlineData("system")]
    [InlineData("wrong name")]
    [InlineData("wrong pin")]
    public async Task RunAsync_server_that_is_not_trusted_gets_nothing(string why)
    {
        await using var engine = Listen();
        await using var host = Connect(engine, tls =>
        {
            if (why == "wrong name")
            {
                Trust(tls, "authority");
                tls.TargetHost = "somebody.else";
            }
            else if (why == "wrong pin")
            {
                tls.PinnedSha256.Add(_certificates.ClientPin);
            }
        });

        await Eventually.BecomesAsync(() => host.Snapshot.Reason.Contains("the TLS handshake failed", StringComparison.Ordinal), () => host.Snapshot.Reason);

        Assert.Equal((SourceState.Disconnected, 0), (host.Snapshot.State, engine.SubscriberCount));
    }

    [Theory]
    [InlineData("authority")]
    [InlineData("pin")]
    public async Task Listen_client_certificate_required_and_shown_streams(string trust)
    {
        await using var engine = Listen(tls => RequireClient(tls, trust));
        await using var host = Connect(engine, tls =>
        {
            Trust(tls, "authority");
            tls.CertificateFile = _certificates.ClientFile;
            tls.CertificatePassword = TestCertificates.Password;
        });
        await engine.PublishAsync(Frames.Many(0, 10), Token);
        await host.Sink.WaitForAsync(10);
    }

    [Fact]
    public async Task Listen_client_without_certificate_or_with_a_foreign_one_is_not_served()
    {
        await using var engine = Listen(tls => RequireClient(tls, "authority"));
        await engine.PublishAsync(Frames.Many(0, 10), Token);
        using var foreign = new TestCertificates();
        await using var bare = Connect(engine, tls => Trust(tls, "authority"));
        await using var stranger = Connect(engine, tls =>
        {
            Trust(tls, "authority");
            tls.CertificateFile = foreign.ClientFile;
            tls.CertificatePassword = TestCertificates.Password;
        });

        await Eventually.BecomesAsync(() => bare.Snapshot.State == SourceState.Disconnected && stranger.Snapshot.State == SourceState.Disconnected);

        Assert.Empty(bare.Sink.All);
        Assert.Empty(stranger.Sink.All);
    }

    [Fact]
    public async Task Listen_peers_without_tls_are_left_and_others_served()
    {
        await using var engine = EnginePublisher.Start(Secured(new EnginePublisherOptions { HandshakeTimeout = TimeSpan.FromMilliseconds(500) }));
        using var silent = new TcpClient();
        await silent.ConnectAsync(engine.LocalEndPoint, Token);
        using var garbage = new TcpClient();
        await garbage.ConnectAsync(engine.LocalEndPoint, Token);
        await garbage.GetStream().WriteAsync(new byte[5000], Token);
        await using var plain = new Stand($"tcp://{engine.LocalEndPoint}");
        await plain.StateAsync(SourceState.Disconnected);

        await using var host = Connect(engine, tls => Trust(tls, "pin"));
        await engine.PublishAsync(Frames.Many(0, 10), Token);
        await host.Sink.WaitForAsync(10);
        Assert.Equal(1, engine.SubscriberCount);
    }

    [Fact]
    public void Validate_host_options_name_each_key()
    {
        var empty = Path.Combine(_certificates.Folder, "empty.pem");
        File.WriteAllText(empty, "");
        var options = new EngineSourceOptions
        {
            Endpoint = "tls://localhost:1",
            Tls = { CaFile = empty, PinnedSha256 = { "abc" }, CertificateFile = _certificates.ServerFile + ".missing" },
        };
        Expect(options, "Tls:CaFile '", "Tls:CaFile and PinnedSha256 are both set", "Tls:PinnedSha256:0 is 'abc'", "Tls:CertificateFile '");
        Expect(new EngineSourceOptions { Endpoint = "tls://localhost:1", Tls = { CaFile = empty + ".missing" } }, "cannot be read");
        Expect(new EngineSourceOptions { Endpoint = "tls://localhost:1", Tls = { CertificateKeyFile = "key" } }, "without CertificateFile");
        Expect(new EngineSourceOptions { Endpoint = "tls://localhost:1", Tls = { CertificateFile = _certificates.ServerFile } }, "cannot be used");
        Expect(new EngineSourceOptions { Endpoint = "tls://localhost:1", Tls = { CertificateFile = _certificates.ClientFile, CertificatePassword = "wrong" } }, "CertificatePassword");
        Expect(new EngineSourceOptions { Endpoint = "tcp://localhost:1", Tls = { CaFile = _certificates.CaFile } }, "write tls:// or wss://");

        static void Expect(EngineSourceOptions options, params string[] messages)
        {
            var exception = Assert.Throws<ArgumentException>(() => new EngineRecordSource(options));
            Assert.All(messages, message => Assert.Contains(message, exception.Message, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Validate_engine_options_name_each_key()
    {
        Expect(_ => { }, "Tls:CertificateFile is missing");
        Expect(tls => tls.RequireClientCertificate = true, "give ClientCaFile or ClientPinnedSha256");
        Expect(tls => tls.ClientCaFile = _certificates.CaFile, "Tls:RequireClientCertificate is false");

        static void Expect(Action<TlsServerOptions> configure, string message)
        {
            var options = new EnginePublisherOptions { Endpoints = { "tls://127.0.0.1:0" } };
            configure(options.Tls);
            var exception = Assert.Throws<ArgumentException>(() => EnginePublisher.Start(options));
            Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        }
    }

    private EnginePublisher Listen(Action<TlsServerOptions>? configure = null)
    {
        var options = Secured(new EnginePublisherOptions());
        configure?.Invoke(options.Tls);
        return EnginePublisher.Start(options);
    }

    private EnginePublisherOptions Secured(EnginePublisherOptions options)
    {
        options.Endpoints.Add("tls://127.0.0.1:0");
        options.Tls.CertificateFile = _certificates.ServerFile;
        options.Tls.CertificateKeyFile = _certificates.ServerKeyFile;
        return options;
    }

    private static Stand Connect(EnginePublisher engine, Action<TlsClientOptions> configure) =>
        new($"tls://localhost:{engine.LocalEndPoint.Port}", options => configure(options.Tls));

    private void Trust(TlsClientOptions tls, string trust)
    {
        if (trust == "pin")
        {
            tls.PinnedSha256.Add(_certificates.ServerPin);
        }
        else
        {
            tls.CaFile = _certificates.CaFile;
        }
    }

    private void RequireClient(TlsServerOptions tls, string trust)
    {
        tls.RequireClientCertificate = true;
        if (trust == "pin")
        {
            tls.ClientPinnedSha256.Add(_certificates.ClientPin);
        }
        else
        {
            tls.ClientCaFile = _certificates.CaFile;
        }
    }
}
