namespace Mev.Sdk.DashboardHost.Archive;

/// <summary>A record of a transaction that the archive gave back.</summary>
/// <param name="Lsn">Its LSN.</param>
/// <param name="Slot">Its slot; 0 = not known yet.</param>
/// <param name="Stage">How far it had come.</param>
/// <param name="FrameBytes">Bytes of the record.</param>
internal sealed record ArchiveSighting(Lsn Lsn, ulong Slot, string Stage, int FrameBytes);
