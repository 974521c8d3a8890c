using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mev.Sdk.Ingest.Solana.Tests.Support;

/// <summary>A JSON-RPC node over a real socket on loopback, that answers from a made-up chain and misbehaves on request.</summary>
internal sealed class FakeRpc : IAsyncDisposable
{
    public const string Genesis = "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d";

    private readonly WebApplication _app;

    private FakeRpc(WebApplication app, FakeChain chain)
    {
        _app = app;
        Chain = chain;
    }

    public FakeChain Chain { get; }

    public string Url => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>Newest slot of each commitment.</summary>
    public ulong Tip { get; set; }

    public ulong Final { get; set; }

    /// <summary>Answers a request itself and returns true; gets the method and its first parameter.</summary>
    public Func<HttpContext, string, ulong, Task<bool>>? Intercept { get; set; }

    /// <summary>Slots that are left out of lists although they have blocks.</summary>
    public HashSet<ulong> Unlisted { get; } = [];

    /// <summary>Results of other methods.</summary>
    public ConcurrentDictionary<string, string> Results { get; } = new();

    /// <summary>Methods asked for, each with its first parameter.</summary>
    public ConcurrentQueue<(string Method, ulong Slot, string? Authorization)> Asked { get; } = new();

    public static async Task<FakeRpc> StartAsync(FakeChain chain)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var fake = new FakeRpc(app, chain) { Tip = chain.Slots is [.., var last] ? last : 0 };
        app.MapPost("/{**rest}", fake.AnswerAsync);
        await app.StartAsync();
        return fake;
    }

    public static Task WriteAsync(HttpContext context, string body, int status = 200)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body);
    }

    public static Task ErrorAsync(HttpContext context, int code, string message) =>
        WriteAsync(context, $$"""{"jsonrpc":"2.0","error":{"code":{{code}},"message":"{{message}}"},"id":1}""");

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var document = await JsonDocument.ParseAsync(context.Request.Body);
        var method = document.RootElement.GetProperty("method").GetString()!;
        var parameters = document.RootElement.GetProperty("params");
        var slot = parameters.GetArrayLength() > 0 && parameters[0].ValueKind == JsonValueKind.Number ? parameters[0].GetUInt64() : 0;
        Asked.Enqueue((method, slot, context.Request.Headers.Authorization.FirstOrDefault()));
        if (Intercept is { } intercept && await intercept(context, method, slot))
        {
            return;
        }

        var result = method switch
        {
            "getGenesisHash" => $"\"{Genesis}\"",
            "getSlot" => (parameters[0].GetProperty("commitment").GetString() == "finalized" ? Final : Tip).ToString(CultureInfo.InvariantCulture),
            "getBlocks" => $"[{string.Join(',', Chain.Slots.Where(s => s >= slot && s <= parameters[1].GetUInt64() && s <= Tip && !Unlisted.Contains(s)))}]",
            "getFirstAvailableBlock" => Chain.Slots[0].ToString(CultureInfo.InvariantCulture),
            "getBlock" when Chain.Has(slot) => Chain.BlockJson(slot),
            _ => Results.GetValueOrDefault(method),
        };
        if (result is null)
        {
            await ErrorAsync(context, method == "getBlock" ? -32007 : -32601, method == "getBlock" ? $"Slot {slot} was skipped, or missing due to ledger jump to recent snapshot" : "Method not found");
            return;
        }

        await WriteAsync(context, $$"""{"jsonrpc":"2.0","result":{{result}},"id":1}""");
    }
}
