using System.Globalization;
using System.Text.Json;
using Mev.Sdk.DashboardHost.Engine;
using Mev.Sdk.DashboardHost.Live;
using Mev.Sdk.DashboardHost.Tiers;
using Mev.Sdk.DashboardHost.Transactions;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.DashboardHost.Api;

/// <summary>The JSON side: <c>/healthz</c> and <c>/api/v1</c>.</summary>
internal static class ApiEndpoints
{
    /// <summary>Rows of one answer at most.</summary>
    public const int MaxLimit = 1_000;

    private const int DefaultLimit = 100;

    public static void MapDashboardApi(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/healthz", Health);
        var api = endpoints.MapGroup("/api/v1");
        api.MapGet("/stats", Stats);
        api.MapGet("/tiers", Tiers);
        api.MapGet("/transactions", TransactionsAsync);
        api.MapGet("/transactions/{signature}", TransactionAsync);
        api.MapPost("/history", HistoryAsync).DisableAntiforgery();
    }

    private static IResult Health(PipelineProbe probe)
    {
        var facts = probe.Read();
        var fault = facts.Journal.Fault.Length > 0 ? facts.Journal.Fault : facts.Database.Fault;
        return fault.Length == 0
            ? Results.Text("ready")
            : Results.Problem(fault, statusCode: StatusCodes.Status503ServiceUnavailable, title: "Not ready");
    }

    private static StatsResponse Stats(LiveBroadcaster broadcaster, PipelineProbe probe, LiveView view)
    {
        var (facts, counters, panels) = (probe.Read(), view.Read(), broadcaster.Latest);
        return new StatsResponse
        {
            Mode = panels.Status.Mode,
            State = panels.Status.State,
            Transactions = facts.Database.Transactions,
            Opportunities = facts.Database.Opportunities,
            OpportunitiesReported = facts.Database.Opportunities - facts.Database.ObservedOpportunities,
            OpportunitiesObserved = facts.Database.ObservedOpportunities,
            DetectionRate = facts.Database.DetectionRate,
            Scored = counters.Scored,
            ModelHits = counters.Hits,
            ModelState = facts.Model.State.ToString().ToLowerInvariant(),
            ModelVersion = facts.Model.Version.Length == 0 ? null : facts.Model.Version,
            Slot = counters.Slot,
            TransactionsPerSecond = Math.Round(counters.TransactionsPerSecond, 2),
            TransactionsSeen = counters.Transactions,
            Frames = facts.Source.Frames,
            Duplicates = facts.Source.Duplicates,
            Gaps = facts.Source.Gaps,
            IngestLagMs = panels.Tiles.LagMs,
            JournalBytes = facts.Journal.StoredBytes,
            JournalRawBytes = facts.Journal.RawBytes,
            StorageRatio = panels.Tiles.StorageRatio,
            DurableLsn = facts.Journal.DurableLsn.ToString(),
            ProjectorLag = facts.Database.BehindRecords,
            Viewers = panels.Status.Viewers,
        };
    }

    private static IResult Tiers(TierWatch watch) => watch.Latest is { } facts
        ? Results.Json(TiersResponse.From(facts))
        : Results.Problem("The tiers were not looked at yet; ask again in a second.", statusCode: StatusCodes.Status503ServiceUnavailable, title: "Not yet");

    private static async Task<IResult> TransactionsAsync(IHistoryReader history, string? limit, CancellationToken cancellationToken)
    {
        var rows = DefaultLimit;
        if (limit is not null && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out rows) || rows is < 1 or > MaxLimit))
        {
            return Results.Problem($"limit is '{limit}'; allowed are whole numbers from 1 to {MaxLimit}.", statusCode: StatusCodes.Status400BadRequest, title: "Bad limit");
        }

        var latest = await history.GetLatestTransactionsAsync(rows, cancellationToken);
        return Results.Json(latest.Select(TransactionResponse.From));
    }

    // A question as docs/queries.md describes it; a form of another site cannot send this content type unasked.
    private static async Task<IResult> HistoryAsync(HttpRequest request, QuestionDesk desk, CancellationToken cancellationToken)
    {
        if (!request.HasJsonContentType())
        {
            return Results.Problem("Send the question as application/json.", statusCode: StatusCodes.Status415UnsupportedMediaType, title: "Not JSON");
        }

        using var body = new MemoryStream();
        var buffer = new byte[8192];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            body.Write(buffer, 0, read);
            if (body.Length > HistoryQueryJson.MaxBytes)
            {
                return Results.Problem($"The question has more than {HistoryQueryJson.MaxBytes} bytes.", statusCode: StatusCodes.Status413PayloadTooLarge, title: "Too long");
            }
        }

        try
        {
            var answer = await desk.AskAsync(HistoryQueryJson.Read(body.GetBuffer().AsSpan(0, (int)body.Length)), cancellationToken);
            using var json = new MemoryStream();
            await using (var writer = new Utf8JsonWriter(json))
            {
                HistoryQueryJson.Write(writer, answer);
            }

            return Results.Bytes(json.ToArray(), "application/json");
        }
        catch (HistoryQueryException e)
        {
            return Results.Problem(string.Join(' ', e.Problems), statusCode: StatusCodes.Status400BadRequest, title: "No such question");
        }
        catch (TimeoutException e)
        {
            return Results.Problem(e.Message, statusCode: StatusCodes.Status503ServiceUnavailable, title: "Took too long");
        }
    }

    private static async Task<IResult> TransactionAsync(IHistoryReader history, string signature, CancellationToken cancellationToken)
    {
        if (!Signature.TryParse(signature, null, out var parsed))
        {
            return Results.Problem("The path does not end in the base58 text of a signature (64 bytes).", statusCode: StatusCodes.Status400BadRequest, title: "Bad signature");
        }

        return await history.FindTransactionAsync(parsed, cancellationToken) is { } row
            ? Results.Json(TransactionResponse.From(row))
            : Results.Problem($"No transaction {signature} is stored.", statusCode: StatusCodes.Status404NotFound, title: "Not found");
    }
}
