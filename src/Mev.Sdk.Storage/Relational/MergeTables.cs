using Is = Mev.Sdk.Storage.Relational.ColumnType;

namespace Mev.Sdk.Storage.Relational;

/// <summary>Layouts of rows that a projection stages, merges into the tables of <see cref="HistoryTables"/> and then forgets.</summary>
public static class MergeTables
{
    /// <summary>The latest stage of each slot that slot records named; one row a slot.</summary>
    public static HistoryTable SlotStages { get; } = new HistoryTableBuilder("staged_slots", "Stages that transactions of a slot advance to.")
        .Add("slot", Is.UInt64, "The slot.")
        .Add("stage", Is.UInt8, "The stage reached: SightingStage.")
        .Build();

    /// <summary>The last score of each scored sighting; one row a sighting.</summary>
    public static HistoryTable Scores { get; } = new HistoryTableBuilder("staged_scores", "Scores of sightings.")
        .Add("lsn", Is.UInt64, "The sighting that was scored, first or repeated.")
        .Add("score", Is.Float32, "Probability.")
        .Add("model_version", Is.Text, "The model.")
        .Add("ordinal", Is.UInt64, "Grows in log order: of two scores of one transaction the greater is the later.")
        .Add("in_row", Is.Boolean, "Whether it is already in the row of the same LSN that was staged with it.")
        .Build();

    /// <summary>How opportunities of earlier transactions of the database ended; one row an opportunity.</summary>
    public static HistoryTable Outcomes { get; } = new HistoryTableBuilder("staged_outcomes", "Outcomes of opportunities that are already stored.")
        .Add("source_id", Is.UInt32, "With session_id and opportunity_id: the opportunity.")
        .Add("session_id", Is.UInt64, "The engine's session.")
        .Add("opportunity_id", Is.UInt64, "Its id within the session.")
        .Add("outcome", Is.UInt8, "How it ended: OutcomeStatus.")
        .Add("landed", Is.Boolean, "Whether it landed: then profit and cost are real.")
        .Nullable("executed", Is.Timestamp, "When it was executed.", "the time that is stored stays")
        .Add("success", Is.Boolean, "Whether it paid.")
        .Add("profit_lamports", Is.Int64, "Profit before fee and tip, lamports.")
        .Add("cost_lamports", Is.UInt64, "Fee and tip, lamports; 2^64 - 1 when they are more.")
        .Build();
}
