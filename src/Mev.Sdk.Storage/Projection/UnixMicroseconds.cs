namespace Mev.Sdk.Storage.Projection;

/// <summary>Instants of records as columns hold them.</summary>
internal static class UnixMicroseconds
{
    /// <summary>The end of the year 2299, where ClickHouse's calendar ends; what is later was no time.</summary>
    private const long Max = 10_413_791_999_999_999;
    private const long PerSecond = 1_000_000;
    private const ulong NanosecondsEach = 1000;

    /// <returns>Null for 0, which records use for "unknown", and for what no calendar holds.</returns>
    public static long? FromNanoseconds(ulong nanoseconds) =>
        nanoseconds is 0 or > (ulong)Max * NanosecondsEach ? null : (long)(nanoseconds / NanosecondsEach);

    /// <returns>Null for 0, below and for what no calendar holds.</returns>
    public static long? FromSeconds(long seconds) => seconds is <= 0 or > Max / PerSecond ? null : seconds * PerSecond;

    public static long From(DateTimeOffset instant) => (instant - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
