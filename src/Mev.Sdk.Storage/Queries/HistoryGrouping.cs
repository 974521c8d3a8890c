namespace Mev.Sdk.Storage.Queries;

/// <summary>What of a column rows are grouped by.</summary>
public enum HistoryGrouping
{
    /// <summary>Its value; not for floats, JSON and plain bytes.</summary>
    Value = 0,

    /// <summary>The first number of its bucket of <see cref="HistoryGroup.Width"/>: <c>width · ⌊value / width⌋</c>; for integers, slots above all.</summary>
    Width,

    /// <summary>The first instant of its bucket of <see cref="HistoryGroup.Every"/>, counted from the Unix epoch; for timestamps.</summary>
    Time,

    /// <summary>The number of its bucket of a log-linear histogram of <see cref="HistoryGroup.Bits"/>, see <see cref="LogLinearHistogram"/>; for integers.</summary>
    LogLinear,

    /// <summary><c>⌊value · scale⌋</c> with <see cref="HistoryGroup.Scale"/>; for floats. Null where that is 2^53 or more away from 0.</summary>
    Scaled,

    /// <summary>The register of a sketch that it counts for, see <see cref="DistinctSketch"/>; for keys and signatures.</summary>
    HashRegister,
}
