namespace Mev.Sdk.Ingest.Sequencing;

/// <summary>Options of the sequencer. Configuration shape: <c>Mev:Ingest:Sequencer:*</c>.</summary>
public sealed class RecordSequencerOptions
{
    /// <summary>Bytes of the host's own records that may wait for their turn. Default 16 MiB; 64 KiB to 1 GiB.</summary>
    public int LaneBytes { get; set; } = 16 << 20;

    /// <summary>How many of the host's own records may wait for their turn. Default 65,536; at least 1.</summary>
    public int LaneRecords { get; set; } = 65_536;

    /// <summary>
    /// Longest time that the host's own records gather before they are shown as one batch; small batches make small journal blocks, which
    /// compress badly. 64 KiB of them, a quarter of a bound of the lane, or a gap are shown sooner. Default 100 ms; 0 (at once) to 10 s.
    /// </summary>
    public TimeSpan OwnRecordDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Upper 16 bits of the LSNs when there is no log that knows better. Default 0.</summary>
    public ushort LogId { get; set; }

    internal const int MinLaneBytes = 64 << 10;
    internal const int MaxLaneBytes = 1 << 30;
    internal static readonly TimeSpan MaxOwnRecordDelay = TimeSpan.FromSeconds(10);

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

        if (OwnRecordDelay < TimeSpan.Zero || OwnRecordDelay > MaxOwnRecordDelay)
        {
            errors.Add($"{key}:OwnRecordDelay is {OwnRecordDelay}; give a time from 0 (at once) to {MaxOwnRecordDelay}, as in 00:00:00.1.");
        }
    }
}
