namespace Mev.Sdk.Storage.Journal;

/// <summary>A log that can tell how many records it holds, for which LSNs are no measure: numbers are skipped.</summary>
/// <remarks>Thread-safe; cheap enough to ask every second.</remarks>
public interface IRecordCounter
{
    /// <summary>Counts durable records.</summary>
    /// <param name="lsn">The last one not to count; it may be a number that was skipped. <see cref="Lsn.None"/> = count all.</param>
    /// <returns>Durable records behind it, exactly.</returns>
    long CountAfter(Lsn lsn);
}
