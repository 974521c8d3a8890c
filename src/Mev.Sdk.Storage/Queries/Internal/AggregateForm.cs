namespace Mev.Sdk.Storage.Queries;

/// <summary>An aggregate as JSON has it.</summary>
internal sealed class AggregateForm
{
    public HistoryAggregation Of { get; set; }

    public string? Column { get; set; }

    public double Quantile { get; set; }

    public int Bits { get; set; } = LogLinearHistogram.DefaultBits;

    public HistoryFilter? Where { get; set; }

    public string? Name { get; set; }

    public HistoryAggregate ToAggregate() => new() { Of = Of, Column = Column, Quantile = Quantile, Bits = Bits, Where = Where, Name = Name };
}
