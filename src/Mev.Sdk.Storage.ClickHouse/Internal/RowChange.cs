namespace Mev.Sdk.Storage.ClickHouse.Internal;

/// <summary>What a range has to say about a transaction's row.</summary>
internal sealed class RowChange
{
    /// <summary>Later sightings: rows in RowBinary, in LSN order.</summary>
    public List<ReadOnlyMemory<byte>> Sightings { get; } = [];

    /// <summary>The last score and its model as columns in RowBinary, with null marks; empty when there is none.</summary>
    public byte[] Score { get; set; } = [];

    /// <summary>Orders scores.</summary>
    public ulong ScoreOrdinal { get; set; }
}
