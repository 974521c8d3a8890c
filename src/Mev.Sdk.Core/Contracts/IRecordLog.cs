using Mev.Sdk.Wire;

namespace Mev.Sdk;

/// <summary>The durable log of every record: the journal. LSNs are kept.</summary>
/// <remarks>Thread-safe.</remarks>
public interface IRecordLog
{
    /// <summary>The first LSN that the sequencer may hand out now: behind every number that may have been handed out before.</summary>
    Lsn NextLsn { get; }

    /// <summary>Every record up to here survives a crash; <see cref="Lsn.None"/> when there is none.</summary>
    Lsn DurableLsn { get; }

    /// <summary>The last durable sequence of every source and session that the log holds, most recent last.</summary>
    IReadOnlyList<StreamPosition> DurablePositions { get; }

    /// <summary>
    /// What was ever durably taken of every source and session, also of records that retention has deleted since: session by session, most recent
    /// session last, its ranges ascending, with at least one missing sequence between two of them. A log may forget the smallest ranges of a session with very
    /// many, never its greatest, and never names what it did not take.
    /// </summary>
    IReadOnlyList<SequenceRange> DurableRanges { get; }

    /// <summary>LSN of the newest durable record of a session, also where retention has deleted it since.</summary>
    /// <param name="sourceId">The source.</param>
    /// <param name="sessionId">The session.</param>
    /// <returns><see cref="Lsn.None"/> when there is none, or the log cannot tell: the default.</returns>
    Lsn GetLastLsn(uint sourceId, ulong sessionId) => Lsn.None;

    /// <summary>Reads durable records in LSN order.</summary>
    /// <param name="from">First LSN wanted; <see cref="Lsn.None"/> = from the oldest.</param>
    /// <param name="follow">True: at the end wait for more; false: end at what is durable now.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>Batches; each must be released by the reader.</returns>
    /// <exception cref="InvalidDataException">The log is damaged before its end; the message names file and offset.</exception>
    IAsyncEnumerable<RecordBatch> ReadAsync(Lsn from, bool follow, CancellationToken cancellationToken = default);

    /// <summary>Reads durable records in LSN order and skips what can be skipped without looking for some kinds of record.</summary>
    /// <remarks>Kinds that were not asked for may come along, so the reader still looks at each record's kind. The default skips nothing.</remarks>
    /// <param name="from">First LSN wanted; <see cref="Lsn.None"/> = from the oldest.</param>
    /// <param name="follow">True: at the end wait for more; false: end at what is durable now.</param>
    /// <param name="templates">The wanted kinds; none of their records is skipped.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>Batches; each must be released by the reader.</returns>
    /// <exception cref="InvalidDataException">The log is damaged before its end; the message names file and offset.</exception>
    IAsyncEnumerable<RecordBatch> ReadAsync(Lsn from, bool follow, TemplateSet templates, CancellationToken cancellationToken = default) =>
        ReadAsync(from, follow, cancellationToken);
}
