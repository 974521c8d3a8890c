using Is = Mev.Sdk.Storage.Relational.ColumnType;

namespace Mev.Sdk.Storage.Relational;

/// <summary>The catalogue: every table of the history, one for each kind of record, the same in every database.</summary>
/// <remarks>
/// Amounts are in lamports or in base units of a mint, times in UTC; a number never has a missing value coded into it unless its description says so.
/// <c>docs/history-tables.md</c> lists the same.
/// </remarks>
public static class HistoryTables
{
    private const string RawElsewhere = "the bytes themselves stay in the journal and the archive, under the same LSN.";

    /// <summary>One row a signature, made by the first sighting and brought up to date by later ones, by slot records and by predictions.</summary>
    public static HistoryTable Transactions { get; } = new HistoryTableBuilder(
            "transactions", "One row a signature: the first sighting, brought up to date by later ones, by slot records and by predictions. The wire bytes stay in the journal and the archive.")
        .Lsn("LSN of the first sighting.")
        .Add("raw_lsn", Is.UInt64, "LSN of the record that holds wire bytes and meta: a later sighting's when the first had no meta.")
        .Add("signature", Is.Signature, "The first signature.")
        .Slot("Slot of the block; while pending, the slot it was seen in.")
        .Nullable("block_time", Is.Timestamp, "Production time of the block as voted by the cluster, whole seconds.", "unknown")
        .Add("stage", Is.UInt8, "How far it has come: SightingStage.")
        .Clock("processed_at", "When the row was stored, by the host's clock.")
        .Add("index_in_block", Is.UInt32, "Position within its block, from 0; meaningless while pending.")
        .Add("payer", Is.Key, "The account that paid the fee.")
        .Add("flags", Is.UInt32, "Properties: TransactionFlags.")
        .Add("fee_lamports", Is.UInt64, "Fee, base and priority together, lamports.")
        .Add("tip_lamports", Is.UInt64, "Paid to Jito tip accounts, lamports; 0 = none.")
        .Add("compute_unit_price_micro_lamports", Is.UInt64, "Compute-unit price asked for, micro-lamports a compute unit; 0 = not set.")
        .Add("compute_unit_limit", Is.UInt32, "Compute-unit limit asked for, compute units; 0 = not set.")
        .Add("compute_units_consumed", Is.UInt32, "Compute units consumed; 0 = unknown.")
        .Add("error_code", Is.UInt16, "Why it failed: TransactionErrorCode; 0 = it did not.")
        .Add("error_custom_code", Is.UInt32, "The program's own error code, when the error is a program's.")
        .Add("swap_count", Is.UInt16, "Swaps executed; the columns from venue on are those of the first.")
        .Nullable("venue", Is.UInt16, "Venue of the first swap: VenueId.", "no swap")
        .Nullable("pool", Is.Key, "Pool of the first swap.", "no swap, or unknown")
        .Nullable("mint_in", Is.Key, "What the trader gave in the first swap.", "no swap")
        .Nullable("mint_out", Is.Key, "What the trader got in the first swap.", "no swap")
        .Nullable("amount_in", Is.UInt64, "How much was given, base units of mint_in.", "no swap")
        .Nullable("amount_out", Is.UInt64, "How much was got, base units of mint_out.", "no swap")
        .Nullable("decimals_in", Is.UInt8, "Decimals of mint_in.", "no swap")
        .Nullable("decimals_out", Is.UInt8, "Decimals of mint_out.", "no swap")
        .Nullable("score", Is.Float32, "Probability that a model gave it last, 0 to 1.", "not scored")
        .Nullable("model_version", Is.Text, "The model of score.", "not scored")
        .Build();

    /// <summary>Opportunities that engines reported and inspectors observed, each with its outcome once that came.</summary>
    public static HistoryTable MevOpportunities { get; } = new HistoryTableBuilder(
            "mev_opportunities", "Opportunities that engines reported and inspectors observed, each with its outcome once that came. One observed again in a replay is stored once.")
        .Lsn()
        .Add("source_id", Is.UInt32, "The source: CRC-32C of its name.")
        .Add("session_id", Is.UInt64, "The engine's session.")
        .Add("opportunity_id", Is.UInt64, "The engine's id of it, unique within a session.")
        .Add("type", Is.Text, "What kind: unknown, arbitrage, sandwich, liquidation, backrun, jit_liquidity, or the number of a later OpportunityKind.")
        .Add("strategy", Is.UInt16, "The strategy that saw it; 0 = an inspector of the host.")
        .Nullable("signature", Is.Signature, "The transaction that opened it, or that is it.", "none")
        .Slot("Slot it was seen in.")
        .Nullable("pool", Is.Key, "The first pool involved.", "unknown")
        .Nullable("quote_mint", Is.Key, "The mint that the profit is counted in before it is valued in SOL.", "unknown")
        .Add("expected_profit_lamports", Is.Int64, "Expected profit before cost, lamports.")
        .Add("expected_cost_lamports", Is.UInt64, "Expected fee and tip together, lamports.")
        .Add("capital_lamports", Is.UInt64, "Capital it takes, lamports; 0 = unknown.")
        .Add("profit_lamports", Is.Int64, "Expected profit before cost; once landed the profit that came of it, lamports, negative for a loss.")
        .Add("cost_lamports", Is.UInt64, "Expected cost; once landed what it cost, lamports.")
        .Nullable("actual_cost_lamports", Is.UInt64, "Fee and tip that were really paid, lamports.", "nothing is known to have been paid")
        .Nullable("confidence", Is.Float64, "The engine's belief that it is real, 0 to 1.", "not stated, or not a finite number")
        .Add("flags", Is.UInt32, "Properties: OpportunityFlags.")
        .Nullable("detected", Is.Timestamp, "When it was seen, by the engine's clock.", "unknown")
        .Nullable("executed", Is.Timestamp, "When it was executed.", "not, or not yet")
        .Nullable("success", Is.Boolean, "Whether it paid.", "no outcome yet")
        .Add("outcome", Is.UInt8, "How it ended: OutcomeStatus; 0 = no outcome yet.")
        .Nullable("metadata", Is.Json, "What the engine adds.", "nothing")
        .Nullable("transaction_lsn", Is.UInt64, "Row of the transaction that opened it.", "none is stored yet")
        .Build();

    /// <summary>Outcome records as they came.</summary>
    public static HistoryTable Outcomes { get; } = new HistoryTableBuilder("outcomes", "Outcome records as they came; mev_opportunities has them merged.")
        .Lsn()
        .Add("source_id", Is.UInt32, "The source: CRC-32C of its name.")
        .Add("session_id", Is.UInt64, "The engine's session.")
        .Add("opportunity_id", Is.UInt64, "The opportunity of that session that ended.")
        .Slot("Slot it ended in.")
        .Nullable("signature", Is.Signature, "The transaction that took it.", "none was sent")
        .Nullable("completed", Is.Timestamp, "When it ended, by the engine's clock.", "unknown")
        .Add("profit_lamports", Is.Int64, "Profit before fee and tip, lamports; negative is a loss.")
        .Add("fee_lamports", Is.UInt64, "Fee paid, lamports.")
        .Add("tip_lamports", Is.UInt64, "Tip paid, lamports.")
        .Add("status", Is.UInt8, "How it ended: OutcomeStatus.")
        .Add("reason", Is.Text, "Words, or empty.")
        .Build();

    /// <summary>Slot records as they came.</summary>
    public static HistoryTable Slots { get; } = new HistoryTableBuilder("slots", "Slot records as they came: each advances every transaction of its slot.")
        .Lsn()
        .Slot("The slot.")
        .Nullable("parent_slot", Is.UInt64, "Its parent.", "unknown")
        .Nullable("time", Is.Timestamp, "When the stage was reached.", "unknown")
        .Add("stage", Is.UInt8, "The stage reached: SightingStage.")
        .Build();

    /// <summary>Blocks, without their transactions.</summary>
    public static HistoryTable Blocks { get; } = new HistoryTableBuilder("blocks", "Blocks, without their transactions.")
        .Lsn()
        .Slot("Its slot.")
        .Add("parent_slot", Is.UInt64, "The parent's slot.")
        .Nullable("block_height", Is.UInt64, "Blocks below it.", "unknown")
        .Nullable("block_time", Is.Timestamp, "Production time as voted by the cluster, whole seconds.", "unknown")
        .Add("transaction_count", Is.UInt32, "Transactions that the source delivered with it.")
        .Add("stage", Is.UInt8, "How final it was when it was seen: SightingStage.")
        .Add("blockhash", Is.Key, "Its hash.")
        .Add("previous_blockhash", Is.Key, "The parent's hash.")
        .Nullable("leader", Is.Key, "The leader that produced it.", "unknown")
        .Build();

    /// <summary>Writes of accounts, without their data.</summary>
    public static HistoryTable Accounts { get; } = new HistoryTableBuilder("accounts", "Writes of accounts, without their data.")
        .Lsn()
        .Slot("Slot of the write.")
        .Add("address", Is.Key, "The account.")
        .Add("owner", Is.Key, "The program that owns it.")
        .Nullable("transaction_signature", Is.Signature, "The transaction that wrote it.", "unknown")
        .Add("write_version", Is.UInt64, "Orders the writes of one account within a slot.")
        .Add("lamports", Is.UInt64, "Balance, lamports.")
        .Add("rent_epoch", Is.UInt64, "Epoch at which rent is next due, as the chain states it.")
        .Add("stage", Is.UInt8, "How final the write was when it was seen: SightingStage.")
        .Add("flags", Is.UInt8, "Properties: AccountFlags.")
        .Add("data_bytes", Is.UInt32, "Length of the account's data, bytes; " + RawElsewhere)
        .Build();

    /// <summary>Nodes of the cluster, each at one moment.</summary>
    public static HistoryTable Nodes { get; } = new HistoryTableBuilder("nodes", "Nodes of the cluster, each at one moment.")
        .Lsn()
        .Time("observed", "When it was looked at.")
        .Nullable("identity", Is.Key, "The node's identity.", "unknown")
        .Nullable("vote_account", Is.Key, "Its vote account.", "none, or unknown")
        .Nullable("slot", Is.UInt64, "Slot it said it was at.", "unknown")
        .Nullable("activated_stake_lamports", Is.UInt64, "Activated stake, lamports.", "unknown")
        .Nullable("last_vote_slot", Is.UInt64, "Slot of its last vote.", "unknown")
        .Nullable("root_slot", Is.UInt64, "Its root.", "unknown")
        .Nullable("latency_nanoseconds", Is.UInt64, "Round trip of a request to it, nanoseconds.", "not measured")
        .Nullable("leader_slots", Is.UInt32, "Leader slots it had in the epoch so far.", "unknown")
        .Nullable("blocks_produced", Is.UInt32, "Blocks it produced in them.", "leader_slots is unknown")
        .Add("slots_behind", Is.UInt32, "Slots behind the tip; 0 = at the tip or unknown.")
        .Add("health", Is.UInt16, "How it fares: NodeHealth.")
        .Add("commission_percent", Is.UInt8, "Vote commission, percent.")
        .Add("name", Is.Text, "Endpoint or label.")
        .Add("version", Is.Text, "Version of its software, or empty.")
        .Nullable("addresses", Is.Json, "Its addresses.", "none stated")
        .Build();

    /// <summary>Strategies of engines, each at one moment.</summary>
    public static HistoryTable Strategies { get; } = new HistoryTableBuilder("strategies", "Strategies of engines, each at one moment; counts since the engine's session began.")
        .Lsn()
        .Add("source_id", Is.UInt32, "The source: CRC-32C of its name.")
        .Add("session_id", Is.UInt64, "The engine's session.")
        .Time("observed", "When the counts were taken.")
        .Add("strategy", Is.UInt16, "The strategy; opportunities name it.")
        .Add("flags", Is.UInt16, "Properties: StrategyFlags.")
        .Add("revision", Is.UInt64, "Revision of the parameters in force; 0 = those it started with.")
        .Nullable("slot", Is.UInt64, "Slot by its view.", "unknown")
        .Add("seen", Is.UInt64, "Opportunities seen.")
        .Add("submitted", Is.UInt64, "Opportunities acted on.")
        .Add("landed", Is.UInt64, "Transactions that landed.")
        .Add("profit_lamports", Is.Int64, "Profit before cost, lamports; negative is a loss.")
        .Add("cost_lamports", Is.UInt64, "Fees and tips paid, lamports.")
        .Add("name", Is.Text, "Its name.")
        .Nullable("parameters", Is.Json, "Parameters in force.", "not stated")
        .Build();

    /// <summary>What models said, one row a score.</summary>
    public static HistoryTable Predictions { get; } = new HistoryTableBuilder("predictions", "What models said, one row a score.")
        .Lsn("LSN of the prediction record.")
        .Ordinal("Place of the score within the record, from 0.")
        .Time("time", "When the scores were computed, by the host's clock.")
        .Add("feature_schema_hash", Is.UInt64, "Hash of the feature schema the model was trained on.")
        .Nullable("threshold", Is.Float64, "Probability from which a transaction counts as an opportunity, 0 to 1.", "not a finite number")
        .Add("transaction_lsn", Is.UInt64, "LSN of the sighting that was scored, which may be a repeated one.")
        .Nullable("score", Is.Float32, "Probability that the model gave, 0 to 1.", "not a finite number")
        .Nullable("propensity", Is.Float32, "Probability with which the deployed policy would have chosen what it chose, 0 to 1.", "not a finite number")
        .Add("model_version", Is.Text, "The model.")
        .Build();

    /// <summary>What rules found transactions to be.</summary>
    public static HistoryTable Labels { get; } = new HistoryTableBuilder("labels", "What rules found transactions to be.")
        .Lsn()
        .Add("target_lsn", Is.UInt64, "LSN of the labelled record.")
        .Slot("Slot of the labelled record.")
        .Nullable("labeled", Is.Timestamp, "When it was labelled, by the host's clock.", "unknown")
        .Nullable("profit_lamports", Is.Int64, "What it earned before cost, lamports; negative is a loss.", "unknown")
        .Nullable("confidence", Is.Float64, "The rule's confidence, 0 to 1.", "not a finite number")
        .Add("type", Is.Text, "What it is; words as in mev_opportunities.")
        .Add("rule", Is.UInt16, "The rule; the labels note lists them.")
        .Add("rule_version", Is.UInt16, "Version of the rule.")
        .Add("flags", Is.UInt16, "Properties: LabelFlags.")
        .Add("leg_count", Is.UInt16, "Rows of label_legs that it has.")
        .Nullable("evidence", Is.Json, "What the rule saw.", "nothing")
        .Build();

    /// <summary>The transactions of the labels.</summary>
    public static HistoryTable LabelLegs { get; } = new HistoryTableBuilder("label_legs", "The transactions of the labels, one row each.")
        .Lsn("LSN of the label record.")
        .Ordinal("Place of the leg within the label, from 0.")
        .Slot("Slot of the labelled record, as in labels: a label and its legs stay together.")
        .Add("signature", Is.Signature, "The transaction.")
        .Nullable("transaction_lsn", Is.UInt64, "LSN of its first sighting.", "not held")
        .Add("leg_slot", Is.UInt64, "The leg's own slot.")
        .Add("index_in_block", Is.UInt32, "Its place in the block, from 0.")
        .Add("role", Is.UInt16, "What it was: LabelRole.")
        .Build();

    /// <summary>Ranges of records that the host did not get.</summary>
    public static HistoryTable Gaps { get; } = new HistoryTableBuilder("gaps", "Ranges of an engine's records that the host did not get; one row each time the state of one was written down.")
        .Lsn()
        .Add("source_id", Is.UInt32, "The source: CRC-32C of its name.")
        .Add("session_id", Is.UInt64, "The session the records belong to.")
        .Add("first_sequence", Is.UInt64, "First missing sequence.")
        .Nullable("last_sequence", Is.UInt64, "Last missing sequence; one below the first: the engine said that its stream ends there.", "unknown")
        .Time("detected", "When it was noticed, by the host's clock.")
        .Add("state", Is.UInt8, "What became of it: GapState.")
        .Nullable("first_slot", Is.UInt64, "First slot known to be affected.", "unknown")
        .Nullable("last_slot", Is.UInt64, "Last slot known to be affected.", "unknown")
        .Nullable("after_lsn", Is.UInt64, "LSN of the last record of the session before the gap.", "none")
        .Nullable("missing_records", Is.UInt64, "Records missing within the range.", "all of it")
        .Add("cause", Is.UInt8, "Why they are missing: GapCause.")
        .Add("reason", Is.Text, "Words, or empty.")
        .Build();

    /// <summary>Steps in the lives of parameter updates.</summary>
    public static HistoryTable ParameterChanges { get; } = new HistoryTableBuilder("parameter_changes", "Steps in the lives of parameter updates.")
        .Lsn()
        .Add("update_id", Is.Text, "The update: 32 hexadecimal digits in five groups.")
        .Add("source_id", Is.UInt32, "The engine: CRC-32C of its source's name.")
        .Nullable("session_id", Is.UInt64, "The engine's session that answered.", "not answered yet")
        .Add("strategy", Is.UInt16, "The strategy.")
        .Add("revision", Is.UInt64, "Revision of the strategy's parameters that the update makes, from 1.")
        .Add("state", Is.UInt8, "Where the update stands with this step: ParameterState.")
        .Time("changed", "When the step was taken, by the host's clock.")
        .Nullable("expires", Is.Timestamp, "When the update is no longer wanted.", "never")
        .Nullable("parameters", Is.Json, "The parameters.", "none")
        .Add("actor", Is.Text, "Who asked.")
        .Add("reason", Is.Text, "Words, or empty.")
        .Build();

    /// <summary>What people and programs did.</summary>
    public static HistoryTable Audit { get; } = new HistoryTableBuilder("audit", "What people and programs did.")
        .Lsn()
        .Time("occurred", "When, by the host's clock.")
        .Add("outcome", Is.UInt8, "How it ended: AuditOutcome.")
        .Add("actor", Is.Text, "Who.")
        .Add("action", Is.Text, "What: a stable word.")
        .Add("subject", Is.Text, "On what.")
        .Nullable("detail", Is.Json, "Particulars.", "none")
        .Build();

    /// <summary>Measurements.</summary>
    public static HistoryTable PerformanceMetrics { get; } = new HistoryTableBuilder("performance_metrics", "Measurements.")
        .Lsn()
        .Time("time", "When it was measured.")
        .Add("name", Is.Text, "What was measured.")
        .Nullable("value", Is.Float64, "The value, in the unit that the name's documentation states.", "not a finite number")
        .Nullable("tags", Is.Json, "What sets it apart.", "none")
        .Build();

    /// <summary>All tables.</summary>
    public static IReadOnlyList<HistoryTable> All { get; } =
    [
        Transactions, MevOpportunities, Outcomes, Slots, Blocks, Accounts, Nodes, Strategies, Predictions, Labels, LabelLegs, Gaps, ParameterChanges, Audit, PerformanceMetrics,
    ];

    /// <summary>Finds a table.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The table.</returns>
    /// <exception cref="KeyNotFoundException">There is no such table.</exception>
    public static HistoryTable Get(string name) => All.FirstOrDefault(t => t.Name == name)
        ?? throw new KeyNotFoundException($"There is no table '{name}'; there are {string.Join(", ", All.Select(static t => t.Name))}.");
}
