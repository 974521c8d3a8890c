namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>Whether a log is the one that an archive was made from: one that was deleted or exchanged hands out LSNs again that the archive has.</summary>
internal static class LogMatch
{
    /// <summary>Looks for a contradiction.</summary>
    /// <param name="log">The log.</param>
    /// <param name="last">The last record that the archive holds.</param>
    /// <param name="cancellationToken">Ends the looking.</param>
    /// <returns>What speaks against it; null when nothing does, also where the log has deleted that record since.</returns>
    public static async ValueTask<string?> FindContradictionAsync(IRecordLog log, LastRecord last, CancellationToken cancellationToken)
    {
        if (log.NextLsn is var next && IsBehind(next, last.Lsn, mayBeEqual: true))
        {
            return $"the log goes on at LSN {next}";
        }

        if (log.DurableLsn is var durable && IsBehind(durable, last.Lsn, mayBeEqual: false))
        {
            return $"the log ends at LSN {durable}";
        }

        try
        {
            var own = await FirstAsync(log, last.Lsn, cancellationToken).ConfigureAwait(false);
            if (own?.Lsn == last.Lsn)
            {
                return own.IsSame(last) ? null : "the log has another record there";
            }

            return await FirstAsync(log, Lsn.None, cancellationToken).ConfigureAwait(false) is { } oldest && oldest.Lsn < last.Lsn
                ? $"the log has none there, and has records from LSN {oldest.Lsn} on"
                : null;
        }
        catch (Journal.RecordsRemovedException)
        {
            return null;
        }
    }

    /// <summary>Whether the log has this very record.</summary>
    public static async ValueTask<bool> HoldsAsync(IRecordLog log, LastRecord record, CancellationToken cancellationToken)
    {
        try
        {
            return await FirstAsync(log, record.Lsn, cancellationToken).ConfigureAwait(false) is { } own && own.IsSame(record);
        }
        catch (Journal.RecordsRemovedException)
        {
            return false;
        }
    }

    /// <summary>The first record that the log still has; null when it has none.</summary>
    public static async ValueTask<LastRecord?> FindOldestAsync(IRecordLog log, CancellationToken cancellationToken)
    {
        try
        {
            return await FirstAsync(log, Lsn.None, cancellationToken).ConfigureAwait(false);
        }
        catch (Journal.RecordsRemovedException)
        {
            return null;
        }
    }

    private static bool IsBehind(Lsn end, Lsn last, bool mayBeEqual) => end != Lsn.None && end.LogId == last.LogId && (end < last || (mayBeEqual && end == last));

    private static async ValueTask<LastRecord?> FirstAsync(IRecordLog log, Lsn from, CancellationToken cancellationToken)
    {
        await foreach (var batch in log.ReadAsync(from, follow: false, cancellationToken).ConfigureAwait(false))
        {
            var found = LastRecord.Find(batch, from);
            batch.Release();
            if (found is not null)
            {
                return found;
            }
        }

        return null;
    }
}
