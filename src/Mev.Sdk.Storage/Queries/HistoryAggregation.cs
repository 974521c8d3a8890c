namespace Mev.Sdk.Storage.Queries;

/// <summary>What is made of the rows of a group; each kind can be merged from parts of the rows, and comes out the same in every database.</summary>
public enum HistoryAggregation
{
    /// <summary>Rows, or, with a column, rows in which it is not null. Exact.</summary>
    Count = 0,

    /// <summary>Sum of an integer column; 0 of no rows. Exact, 128 bits wide. There is no sum of floats: it would depend on the order of the rows.</summary>
    Sum,

    /// <summary>Least value of an integer, float or timestamp column; null of no rows. Exact.</summary>
    Min,

    /// <summary>Greatest value of an integer, float or timestamp column; null of no rows. Exact.</summary>
    Max,

    /// <summary>
    /// A quantile of an integer column, by <see cref="LogLinearHistogram"/>: within a relative error of 2^-(bits + 1), 0.4 % by default. Null of no rows.
    /// </summary>
    Quantile,

    /// <summary>How many different keys or signatures there are, by <see cref="DistinctSketch"/>: within a relative standard error of 1.6 %.</summary>
    Distinct,

    /// <summary>The part of <see cref="Distinct"/> that goes with <see cref="HistoryGrouping.HashRegister"/>: the least rest of the hash in the register.</summary>
    HashRest,
}
