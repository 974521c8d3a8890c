using System.Globalization;
using Mev.Sdk.DashboardHost.Engine;

namespace Mev.Sdk.DashboardHost.Live;

/// <summary>Turns counters and facts into what the page shows. Pure.</summary>
internal static class PanelComposer
{
    private const int OpportunityRows = 40;

    public static LivePanels Compose(
        long version, LiveCounters counters, PipelineFacts facts, OpportunityEntry[] opportunities, int[] scoreBins, int viewers, LiveOptions options)
    {
        var status = Status(counters, facts, viewers, options);
        return new LivePanels(
            version,
            counters.At.ToUnixTimeMilliseconds(),
            status,
            Tiles(counters, facts, status.State),
            Stages(counters, facts, status.State),
            new ModelPanel(facts.Model.Revision, Lower(facts.Model.State), !double.IsFinite(counters.Threshold) ? null : counters.Threshold, scoreBins),
            [.. opportunities.Reverse().Take(OpportunityRows).Select(OpportunityRow.From)]);
    }

    private static StatusPanel Status(LiveCounters counters, PipelineFacts facts, int viewers, LiveOptions options)
    {
        var source = facts.Source;
        var (state, text, since) = source.State switch
        {
            SourceState.Ended when facts.Mode == DataMode.Replay => ("ended", "The block has been replayed; everything was sent", source.Since),
            SourceState.Ended => ("ended", Or(source.Reason, "The stream has ended"), source.Since),
            SourceState.Disconnected => ("disconnected", Or(source.Reason, "The engine is gone; reconnecting"), source.Since),
            SourceState.Connecting => ("connecting", "Connecting to the engine", source.Since),
            _ when Silence(counters.At, source.LastHeardAt ?? source.Since) > options.StaleMilliseconds => ("stale", "Nothing received", source.LastHeardAt ?? source.Since),
            _ when Silence(counters.At, counters.LastRecordAt ?? source.Since) > options.StaleMilliseconds => ("live", "Connected, nothing new from the engine", source.Since),
            _ => ("live", "Live", source.Since),
        };
        return new StatusPanel(Lower(facts.Mode), ModeText(facts), state, text, since.ToUnixTimeMilliseconds(), viewers);
    }

    private static double Silence(DateTimeOffset now, DateTimeOffset since) => (now - since).TotalMilliseconds;

    private static string ModeText(PipelineFacts facts) => facts.Mode switch
    {
        DataMode.Simulated => "Simulated data",
        DataMode.Replay => "Mainnet replay",
        _ => facts.Source.Simulated ? "Simulated data" : "Engine",
    };

    private static TilesPanel Tiles(LiveCounters counters, PipelineFacts facts, string state)
    {
        var (transactions, opportunities) = (facts.Database.Transactions, facts.Database.Opportunities);
        return new TilesPanel(
            Math.Round(counters.TransactionsPerSecond, 1),
            transactions,
            opportunities,
            facts.Database.ObservedOpportunities,
            facts.Database.DetectionRate,
            counters.Slot == 0 ? null : counters.Slot,
            state != "live" || double.IsNaN(counters.LagMilliseconds) ? null : Math.Round(counters.LagMilliseconds, 1),
            facts.Journal.StoredBytes == 0 ? null : Math.Round((double)facts.Journal.RawBytes / facts.Journal.StoredBytes, 2),
            facts.Journal.StoredBytes,
            facts.Journal.RawBytes,
            counters.Scored,
            counters.Hits,
            facts.Source.Gaps);
    }

    private static StagePanel[] Stages(LiveCounters counters, PipelineFacts facts, string state)
    {
        var source = facts.Source;
        return
        [
            new StagePanel("Engine", state switch { "live" => "ok", "connecting" => "busy", "ended" => "waiting", "stale" => "warn", _ => "down" },
                state switch { "live" => "connected", "ended" => "ended", _ => state },
                facts.ModeDetail, Or(source.Reason, $"{ModeText(facts)}: {facts.ModeDetail}")),
            new StagePanel("Ingest", source.ChecksumFailures > 0 || source.Gaps > 0 ? "warn" : source.Frames > 0 ? "ok" : "waiting",
                source.Gaps > 0 ? $"{source.Gaps} {(source.Gaps == 1 ? "gap" : "gaps")}" : source.Frames > 0 ? "in order" : "waiting",
                $"{Count(source.Frames)} frames",
                string.Create(CultureInfo.InvariantCulture, $"{source.Duplicates:#,0} duplicates dropped, {source.ChecksumFailures:#,0} frames refused, {source.Gaps:#,0} gaps")),
            new StagePanel("Journal", facts.Journal.Fault.Length > 0 ? "down" : facts.Journal.DurableLsn == Lsn.None ? "waiting" : "ok",
                facts.Journal.Fault.Length > 0 ? "stopped" : facts.Journal.DurableLsn == Lsn.None ? "empty" : "durable",
                Bytes(facts.Journal.StoredBytes), Or(facts.Journal.Fault, $"Durable up to LSN {facts.Journal.DurableLsn} in {facts.Journal.Segments} files")),
            new StagePanel("DuckDB", facts.Database.Fault.Length > 0 ? "down" : facts.Database.BehindRecords > 50_000 ? "warn" : facts.Database.Transactions > 0 ? "ok" : "waiting",
                facts.Database.Fault.Length > 0 ? "stopped" : facts.Database.BehindRecords > 5_000 ? "catching up" : facts.Database.Transactions > 0 ? "in step" : "empty",
                $"{Count(facts.Database.Transactions)} rows",
                Or(facts.Database.Fault, string.Create(CultureInfo.InvariantCulture, $"{facts.Database.BehindRecords:#,0} durable records still to project"))),
            new StagePanel("Model", facts.Model.State switch
                {
                    ModelPhase.Ready => "ok", ModelPhase.Training => "busy", ModelPhase.Waiting => "waiting", ModelPhase.Disabled => "warn", _ => "down",
                },
                facts.Model.State is ModelPhase.Ready ? "scoring" : Lower(facts.Model.State), $"{Count(counters.Scored)} scored", facts.Model.Message),
        ];
    }

    /// <summary>A count that fits a narrow place.</summary>
    public static string Count(long value) => value switch
    {
        >= 1_000_000_000 => (value / 1e9).ToString("0.00", CultureInfo.InvariantCulture) + "B",
        >= 1_000_000 => (value / 1e6).ToString("0.00", CultureInfo.InvariantCulture) + "M",
        >= 100_000 => (value / 1e3).ToString("0", CultureInfo.InvariantCulture) + "k",
        _ => value.ToString("#,0", CultureInfo.InvariantCulture),
    };

    /// <summary>Bytes in decimal units.</summary>
    public static string Bytes(long value) => value switch
    {
        >= 1_000_000_000 => (value / 1e9).ToString("0.00", CultureInfo.InvariantCulture) + " GB",
        >= 1_000_000 => (value / 1e6).ToString("0.0", CultureInfo.InvariantCulture) + " MB",
        >= 1_000 => (value / 1e3).ToString("0", CultureInfo.InvariantCulture) + " kB",
        _ => value.ToString(CultureInfo.InvariantCulture) + " B",
    };

    private static string Or(string text, string otherwise) => text.Length > 0 ? text : otherwise;

    private static string Lower<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
