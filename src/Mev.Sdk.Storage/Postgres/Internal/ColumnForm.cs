namespace Mev.Sdk.Storage.Postgres;

/// <summary>How a column of the catalogue is kept in PostgreSQL; all but the first are there to save bytes.</summary>
internal enum ColumnForm
{
    /// <summary>One column of the same name and of the type that holds every value.</summary>
    Plain = 0,

    /// <summary>A number in two columns, one of which at most is not null: <c>NAME_2</c> or <c>NAME_4</c>, of so many bytes, and <c>NAME_far</c> for what does not fit; 0 in none.</summary>
    Narrow,

    /// <summary>An unsigned byte in PostgreSQL's one-byte type.</summary>
    Byte,

    /// <summary>An instant in whole seconds from 2000 on in 4 bytes, <c>NAME_s</c>, or in <c>NAME_far</c>.</summary>
    Seconds,

    /// <summary>A signature as <c>NAME_prefix</c>, its first 8 bytes as a big-endian number, which is what look-ups compare, and <c>NAME_tail</c>, the other 56.</summary>
    Halves,

    /// <summary>A key as the id that it has in the table <c>keys</c>, <c>NAME_id</c>.</summary>
    KeyId,

    /// <summary>A text as the id that it has in the table <c>words</c>, <c>NAME_id</c>.</summary>
    WordId,

    /// <summary>An LSN that is null where it is the row's own.</summary>
    OwnLsn,

    /// <summary>Not in the row: the time of its batch, found by the row's LSN.</summary>
    BatchTime,

    /// <summary>The stage in one byte; what slot records made of it is in <c>slot_stages</c>.</summary>
    Stage,
}
