namespace Mev.Sdk.Storage.Journal;

/// <summary>Whether a journal takes records.</summary>
public enum JournalState
{
    /// <summary>It takes and writes them.</summary>
    Writing = 0,

    /// <summary>The disk is full: it keeps trying, and writers wait once the buffers are full. Nothing is lost.</summary>
    DiskFull = 1,

    /// <summary>It failed and takes no more; <see cref="RecordJournal.Fault"/> says why.</summary>
    Faulted = 2,

    /// <summary>It was disposed.</summary>
    Closed = 3,
}
