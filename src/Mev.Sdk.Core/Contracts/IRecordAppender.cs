namespace Mev.Sdk;

/// <summary>The lane by which the host's own records (predictions, gaps, labels) enter the log.</summary>
/// <remarks>Thread-safe. The sequencer drains it within a bounded delay, between two batches, so a sink that appends can never wait for itself.</remarks>
public interface IRecordAppender
{
    /// <summary>Copies a frame into the lane.</summary>
    /// <param name="frame">One finished frame; sequence and checksum are stamped by the sequencer.</param>
    /// <returns>False when the lane is full; the record was not taken and was counted.</returns>
    /// <exception cref="ArgumentException">The bytes are not exactly one frame of a record.</exception>
    bool TryAppend(ReadOnlySpan<byte> frame);
}
