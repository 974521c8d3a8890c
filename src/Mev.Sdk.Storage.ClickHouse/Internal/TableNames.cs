namespace Mev.Sdk.Storage.ClickHouse.Internal;

/// <summary>Tables and columns that this store has besides those of the catalogue.</summary>
internal static class TableNames
{
    /// <summary>One row a stored LSN range, written last: what is behind the last of them is not stored.</summary>
    public const string Ranges = "projector_ranges";

    /// <summary>Version of the tables.</summary>
    public const string Schema = "projector_schema";

    /// <summary>The stage that slot records brought each slot to, and with which range.</summary>
    public const string SlotStages = "slot_stages";

    /// <summary>Which row a repeated sighting belongs to.</summary>
    public const string Repeats = "transaction_repeats";

    public const string TransactionsPerMinute = "transactions_per_minute";

    public const string OutcomesPerMinute = "outcomes_per_minute";

    /// <summary>LSN of what made this version of a row; of several versions the greatest counts.</summary>
    public const string Version = "row_version";

    /// <summary>The slot of the first sighting, which stays when the transaction's slot moves: the key of a row must not change.</summary>
    public const string FirstSlot = "first_slot";

    public const string StoredAt = "stored_at";

    /// <summary>How far a row's slot may be from <see cref="FirstSlot"/>: a day of slots of 400 ms, and a partition.</summary>
    public const ulong PartitionSlots = 216_000;
}
