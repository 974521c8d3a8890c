using Mev.Sdk.DashboardHost.Tiers;

namespace Mev.Sdk.DashboardHost.Api;

/// <summary>The tiers; <c>GET /api/v1/tiers</c>.</summary>
internal sealed record TiersResponse
{
    /// <summary>When they were looked at.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Why the last look or the last pass failed; null when neither did.</summary>
    public required string? Problem { get; init; }

    /// <summary>Hot, warm, cold.</summary>
    public required IReadOnlyList<TierRow> Tiers { get; init; }

    /// <summary>How far each database is behind the durable log.</summary>
    public required IReadOnlyList<ProjectorRow> Projectors { get; init; }

    /// <summary>The move under way; null = none.</summary>
    public required MoveRow? Moving { get; init; }

    /// <summary>Moves that were completed since the start.</summary>
    public required long Moves { get; init; }

    /// <summary>Whether what is due is only listed.</summary>
    public required bool DryRun { get; init; }

    /// <summary>What is due, oldest first.</summary>
    public required IReadOnlyList<MoveRow> Due { get; init; }

    /// <summary>Partitions that are to stay where they are.</summary>
    public required IReadOnlyList<string> Pins { get; init; }

    public static TiersResponse From(TierFacts facts) => new()
    {
        At = facts.At,
        Problem = facts.Problem ?? facts.Mover.LastError?.GetBaseException().Message,
        Tiers = [.. facts.Tiers.Select(static t => new TierRow(
            TierText.Lower(t.Tier), t.Store, t.Partitions, t.Rows, t.FirstSlot, t.LastSlot, t.FirstDay, t.LastDay, t.StoredBytes, t.Ratio is { } ratio ? Math.Round(ratio, 2) : null, t.Ratio is null ? null : t.RawIs))],
        Projectors = [.. facts.Projectors.Select(static p => new ProjectorRow(p.Target, p.Lag, p.Checkpoint.ToString(), p.Problem))],
        Moving = facts.Mover.Current is { } move ? Move(move) with { Step = facts.Mover.Step, Table = facts.Mover.Table, RowsDone = facts.Mover.RowsDone, RowsTotal = facts.Mover.RowsTotal } : null,
        Moves = facts.Mover.Moves,
        DryRun = facts.Options.DryRun,
        Due = [.. facts.Mover.Due.Select(Move)],
        Pins = [.. facts.Catalogue.Pins.Select(static pin => pin.ToString())],
    };

    private static MoveRow Move(Sdk.Storage.Tiers.TierMove move) => new(move.Partition.ToString(), TierText.Lower(move.From), TierText.Lower(move.To), (long)move.Overdue.TotalSeconds, move.HeldBy);

    /// <param name="Tier">hot, warm or cold.</param>
    /// <param name="Store">Who answers for it.</param>
    /// <param name="Partitions">Days that it answers for.</param>
    /// <param name="Rows">Rows of all tables.</param>
    /// <param name="FirstSlot">First slot of its days.</param>
    /// <param name="LastSlot">Last slot of its days.</param>
    /// <param name="FirstDay">First day of tables that are kept by time.</param>
    /// <param name="LastDay">Last of them.</param>
    /// <param name="StoredBytes">What it takes on disk; null = not known.</param>
    /// <param name="Ratio">How much more it was before; null = not known.</param>
    /// <param name="RatioOver">What that was.</param>
    internal sealed record TierRow(
        string Tier, string Store, int Partitions, long Rows, ulong? FirstSlot, ulong? LastSlot, DateOnly? FirstDay, DateOnly? LastDay, long? StoredBytes, double? Ratio, string? RatioOver);

    /// <param name="Target">The database.</param>
    /// <param name="LagRecords">Durable records that are not there yet.</param>
    /// <param name="Checkpoint">The last record that is.</param>
    /// <param name="Problem">Why it is trying again.</param>
    internal sealed record ProjectorRow(string Target, long LagRecords, string Checkpoint, string? Problem);

    /// <param name="Partition">slot-N or time-N: a day.</param>
    /// <param name="From">hot or warm.</param>
    /// <param name="To">warm or cold.</param>
    /// <param name="DueSeconds">For how long it has been due.</param>
    /// <param name="HeldBy">Why it stays for now; null = it moves.</param>
    internal sealed record MoveRow(string Partition, string From, string To, long DueSeconds, string? HeldBy)
    {
        /// <summary>Of the one under way: copy, verify, publish, delete, close, remove.</summary>
        public string? Step { get; init; }

        /// <summary>Of the one under way: the table.</summary>
        public string? Table { get; init; }

        /// <summary>Rows that the step has passed.</summary>
        public long RowsDone { get; init; }

        /// <summary>Rows when the move began.</summary>
        public long RowsTotal { get; init; }
    }
}
