namespace Mev.Sdk.Storage.Journal;

/// <summary>A log that knows from which LSN it must be read for a slot or a time.</summary>
/// <remarks>Thread-safe; answers from memory.</remarks>
public interface IRecordLocator
{
    /// <summary>Finds where to begin for a slot and all later ones.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="from">
    /// An LSN before which there is no record of this slot or of a later one; it may begin with earlier slots, and records of earlier slots may follow.
    /// </param>
    /// <returns>False when no record is of this slot or of a later one.</returns>
    bool TryFindSlot(ulong slot, out Lsn from);

    /// <summary>Finds where to begin for an engine time and all later ones.</summary>
    /// <param name="engineTimeNanoseconds">Time of the engine's clock, nanoseconds since the Unix epoch.</param>
    /// <param name="from">An LSN before which every record has an earlier time; about a second of earlier ones may come first.</param>
    /// <returns>False when no record has this time or a later one.</returns>
    bool TryFindTime(ulong engineTimeNanoseconds, out Lsn from);
}
