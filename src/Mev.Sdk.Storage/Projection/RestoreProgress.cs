namespace Mev.Sdk.Storage.Projection;

/// <summary>How far a restore has come.</summary>
/// <param name="Records">Records read and projected by this run.</param>
/// <param name="Bytes">Bytes of their frames.</param>
/// <param name="Checkpoint">The last record whose rows are stored; <see cref="Lsn.None"/> before the first.</param>
/// <param name="Last">The last record that is to be stored, as far as it is known; <see cref="Lsn.None"/> when it is not.</param>
public readonly record struct RestoreProgress(long Records, long Bytes, Lsn Checkpoint, Lsn Last);
