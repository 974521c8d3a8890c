using System.Net;
using Mev.Sdk.ClickHouseStand;
using Mev.Sdk.ClickHouseStand.Engine;

// ClickHouse's engine behind the part of its HTTP interface that Mev.Sdk and ClickHouse.Driver use; for tests and measures only.
var options = StandOptions.Parse(args);
Directory.CreateDirectory(options.Path);
using var engine = new ChdbEngine(options.Library, options.Path);
using var front = new HttpFront(engine, options);
var builder = WebApplication.CreateSlimBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.Listen(IPAddress.Loopback, options.Port);
    kestrel.Limits.MaxRequestBodySize = null;
    kestrel.Limits.MinRequestBodyDataRate = null;
    kestrel.Limits.MinResponseDataRate = null;
});
await using var app = builder.Build();
app.MapGet("/ping", () => "Ok.\n");
app.Map("/", front.AnswerAsync);
await app.RunAsync();
