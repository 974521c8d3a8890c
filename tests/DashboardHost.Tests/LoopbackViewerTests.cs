using System.Net;
using Mev.Sdk.DashboardHost.Engine;
using Mev.Sdk.DashboardHost.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Mev.Sdk.DashboardHost.Tests;

public sealed class LoopbackViewerTests
{
    [Theory]
    [InlineData("127.0.0.1", "localhost:5080", true)]
    [InlineData("127.0.0.1", "127.0.0.1:5080", true)]
    [InlineData("::1", "[::1]:5080", true)]
    [InlineData("::ffff:127.0.0.1", "127.0.0.1", true)]
    [InlineData("10.0.0.7", "localhost:5080", false)]
    [InlineData("127.0.0.1", "dashboard.example", false)]
    [InlineData("127.0.0.1", "localhost.example", false)]
    [InlineData("127.0.0.1", "127.0.0.1.example", false)]
    [InlineData("127.0.0.1", "", false)]
    public void Refusal_follows_connection_and_host(string remote, string host, bool allowed)
    {
        var context = Request(remote, host);
        Assert.Equal(allowed, LoopbackViewer.Refusal(context) is null);
    }

    [Theory]
    [InlineData("X-Forwarded-For")]
    [InlineData("x-forwarded-host")]
    [InlineData("Forwarded")]
    [InlineData("X-Real-IP")]
    [InlineData("Via")]
    public void Refusal_meets_every_forwarding_header(string header)
    {
        var context = Request("127.0.0.1", "localhost");
        context.Request.Headers[header] = "127.0.0.1";
        Assert.Contains(header, LoopbackViewer.Refusal(context), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("http://localhost:5080", true)]
    [InlineData("http://localhost:5081", false)]
    [InlineData("https://other.example", false)]
    [InlineData("null", false)]
    public void Refusal_meets_pages_of_other_origins(string origin, bool allowed)
    {
        var context = Request("127.0.0.1", "localhost:5080");
        context.Request.Headers.Origin = origin;
        Assert.Equal(allowed, LoopbackViewer.Refusal(context) is null);
    }

    [Theory]
    [InlineData("http://127.0.0.1:5080")]
    [InlineData("http://localhost:6000;http://[::1]:6001")]
    public void Check_accepts_loopback_addresses(string urls) => BindGuard.Check(Configuration("urls", urls));

    [Theory]
    [InlineData("http://0.0.0.0:5080")]
    [InlineData("http://*:5080")]
    [InlineData("http://+:80")]
    [InlineData("http://[::]:5080")]
    [InlineData("http://192.168.1.5:5080")]
    [InlineData("http://dashboard.example:5080")]
    [InlineData("http://127.0.0.1:5080;http://10.0.0.1:5080")]
    public void Check_refuses_addresses_that_others_reach(string urls)
    {
        var refused = Assert.Throws<StartupException>(() => BindGuard.Check(Configuration("urls", urls)));
        Assert.Contains("ssh -L ", refused.Message, StringComparison.Ordinal);
        var endpoint = Assert.Throws<StartupException>(() => BindGuard.Check(Configuration("Kestrel:Endpoints:Web:Url", urls.Split(';')[^1])));
        Assert.Contains("Kestrel:Endpoints:Web:Url", endpoint.Message, StringComparison.Ordinal);
    }

    private static DefaultHttpContext Request(string remote, string host)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(remote);
        context.Request.Scheme = "http";
        context.Request.Host = new HostString(host);
        return context;
    }

    private static IConfigurationRoot Configuration(string key, string value) =>
        new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build();
}
