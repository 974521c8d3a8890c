namespace Mev.Sdk.Ingest.Views;

/// <summary>How much may wait for a view. Configuration shape: <c>Mev:Ingest:Views:NAME:*</c>, NAME being the view's type unless it was given another.</summary>
public sealed class ViewOptions
{
    /// <summary>
    /// Frame bytes that a view holds at most, those its consumer is busy with included; a larger single batch is taken when nothing else is held. Pooled
    /// memory may be up to twice as much. Default 16 MiB; 64 KiB to 1 GiB.
    /// </summary>
    public int MaxBytes { get; set; } = 16 << 20;

    /// <summary>Batches that a view holds at most, the one its consumer is busy with included. Default 1,024; 2 to 1,000,000.</summary>
    public int MaxBatches { get; set; } = 1_024;

    /// <summary>What is left out when there is no room. Default <see cref="FullView.DropNewest"/>.</summary>
    public FullView WhenFull { get; set; } = FullView.DropNewest;

    internal void Validate(string key, List<string> errors)
    {
        if (MaxBytes is < 64 << 10 or > 1 << 30)
        {
            errors.Add($"{key}:MaxBytes is {MaxBytes}; give bytes between {64 << 10} and {1 << 30}.");
        }

        if (MaxBatches is < 2 or > 1_000_000)
        {
            errors.Add($"{key}:MaxBatches is {MaxBatches}; give batches between 2 and 1000000.");
        }

        if (!Enum.IsDefined(WhenFull))
        {
            errors.Add($"{key}:WhenFull is {WhenFull}; give DropNewest or DropOldest.");
        }
    }
}
