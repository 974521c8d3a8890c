namespace Mev.Sdk.Storage.Archive;

/// <summary>LSNs one after another.</summary>
/// <param name="FirstLsn">The first.</param>
/// <param name="LastLsn">The last, included.</param>
public readonly record struct ArchiveStretch(Lsn FirstLsn, Lsn LastLsn)
{
    /// <inheritdoc/>
    public override string ToString() => $"LSN {FirstLsn} to {LastLsn}";
}
