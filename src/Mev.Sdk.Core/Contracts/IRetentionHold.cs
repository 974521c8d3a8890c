namespace Mev.Sdk;

/// <summary>Somebody who still has to read the log: what he needs is not deleted.</summary>
/// <remarks>Thread-safe; asked on the log's writer thread, so it answers at once.</remarks>
public interface IRetentionHold
{
    /// <summary>The first LSN still needed; <see cref="Lsn.None"/> = everything is.</summary>
    Lsn NeededFrom { get; }
}
