namespace Mev.Sdk.Storage.Queries;

/// <summary>A group as JSON has it.</summary>
internal sealed class GroupForm
{
    public string? Column { get; set; }

    public HistoryGrouping By { get; set; }

    public long Width { get; set; }

    public TimeSpan Every { get; set; }

    public int Bits { get; set; } = LogLinearHistogram.DefaultBits;

    public int Scale { get; set; }

    public string? Name { get; set; }

    public HistoryGroup ToGroup() => new() { Column = Column!, By = By, Width = Width, Every = Every, Bits = Bits, Scale = Scale, Name = Name };
}
