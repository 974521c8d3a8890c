namespace Mev.Sdk.Storage.Journal;

/// <summary>When a record counts as durable; docs/journal-format.md, "Durability".</summary>
public enum JournalFsync
{
    /// <summary>Groups are synced to the device, at most once an interval: survives a lost machine.</summary>
    Interval = 0,

    /// <summary>Every group is synced at once; the next group forms meanwhile: survives a lost machine, with the least delay.</summary>
    EveryCommit = 1,

    /// <summary>Groups are handed to the operating system: survives a killed process, not a lost machine.</summary>
    None = 2,
}
