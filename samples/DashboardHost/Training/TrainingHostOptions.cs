namespace Mev.Sdk.DashboardHost.Training;

/// <summary>When the host trains by itself; configuration section <c>Mev:Training</c>.</summary>
internal sealed class TrainingHostOptions
{
    /// <summary>Whether it does; default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Labelled transactions that a history must hold to be trained on, 1,000 to 10,000,000; below it a simulated stretch serves; default 20,000.</summary>
    public int MinimumHistoryRows { get; set; } = 20_000;

    /// <summary>Positives that a history must hold to be trained on, 10 to 1,000,000; default 100.</summary>
    public int MinimumHistoryPositives { get; set; } = 100;

    /// <summary>Slots of the simulated stretch, 50 to 100,000; default 500 (about 40,000 transactions).</summary>
    public int SimulatedSlots { get; set; } = 500;

    /// <summary>Every problem, each naming its key.</summary>
    public IEnumerable<string> Validate()
    {
        if (MinimumHistoryRows is < 1_000 or > 10_000_000)
        {
            yield return $"Mev:Training:MinimumHistoryRows is {MinimumHistoryRows}; allowed are 1000 to 10000000.";
        }

        if (MinimumHistoryPositives is < 10 or > 1_000_000)
        {
            yield return $"Mev:Training:MinimumHistoryPositives is {MinimumHistoryPositives}; allowed are 10 to 1000000.";
        }

        if (SimulatedSlots is < 50 or > 100_000)
        {
            yield return $"Mev:Training:SimulatedSlots is {SimulatedSlots}; allowed are 50 to 100000.";
        }
    }
}
