using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Columnar.Records;

/// <summary>A record and where it came from: what the columns common to all tables are taken from.</summary>
internal readonly ref struct RecordOrigin(RecordView record, StreamPosition position)
{
    public static readonly TableSchema<RecordOrigin> Schema = new TableSchemaBuilder<RecordOrigin>("origin")
        .UInt64("lsn", static (in r) => r.Record.Lsn.Value)
        .UInt32("source_id", static (in r) => r.Position.SourceId)
        .UInt64("session_id", static (in r) => r.Position.SessionId)
        .UInt64("sequence", static (in r) => r.Position.Sequence)
        .Timestamp("engine_time", static (in r) => r.Record.Header.EngineTimeNanoseconds)
        .Build();

    public RecordView Record { get; } = record;

    public StreamPosition Position { get; } = position;
}
