namespace Mev.Sdk.Storage.DuckDb;

/// <summary>Instants of records as DuckDB's TIMESTAMP (UTC, microseconds).</summary>
internal static class UnixTime
{
    private static readonly long MaxSeconds = (long)(DateTime.MaxValue - DateTime.UnixEpoch).TotalSeconds;

    /// <returns>Null for 0, which records use for "unknown".</returns>
    public static DateTime? FromNanoseconds(ulong nanoseconds) =>
        nanoseconds == 0 ? null : DateTime.UnixEpoch.AddTicks((long)(nanoseconds / TimeSpan.NanosecondsPerTick));

    /// <returns>Null for 0 and for what no calendar holds.</returns>
    public static DateTime? FromSeconds(long seconds) => seconds <= 0 || seconds >= MaxSeconds ? null : DateTime.UnixEpoch.AddSeconds(seconds);
}
