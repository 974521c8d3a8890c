namespace Mev.Sdk.Ingest.Sequencing;

/// <summary>Options of the sequencer. Configuration shape: <c>Mev:Ingest:Sequencer:*</c>.</summary>
public sealed class RecordSequencerOptions
{
    /// <summary>Bytes of the host's own records that may wait for their turn. Default 16 MiB; 64 KiB to 1 GiB.</summary>
    public int LaneBytes { get; set; } = 16 << 20;

    /// <summary>How many of the host's own records may wait for their turn. Default 65,536; at least 1.</summary>
    public int LaneRecords { get; set; } = 65_536;

    /// <summary>Upper 16 bits of the LSNs when there is no log that knows better. Default 0.</summary>
    public ushort LogId { get; set; }

    internal const int MinLaneBytes = 64 << 10;
    internal const int MaxLaneBytes = 1 << 30;

    internal void Validate(string key, List<string> errors)
    {
        if (LaneBytes is < MinLaneBytes or > MaxLaneBytes)
        {
            errors.Add($"{key}:LaneBytes is {LaneBytes}; give bytes between {MinLaneBytes} and {MaxLaneBytes}.");
        }

        if (LaneRecords < 1)
        {
            errors.Add($"{key}:LaneRecords is {LaneRecords}; give at least 1.");
        }
    }
}
