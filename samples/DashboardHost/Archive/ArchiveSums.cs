namespace Mev.Sdk.DashboardHost.Archive;

/// <summary>Sums over objects.</summary>
/// <param name="Objects">How many.</param>
/// <param name="Frames">Their records.</param>
/// <param name="Transactions">Those of them that are transactions.</param>
/// <param name="FrameBytes">Bytes of the records.</param>
/// <param name="StoredBytes">Bytes of the objects, everything counted.</param>
internal readonly record struct ArchiveSums(int Objects, long Frames, long Transactions, long FrameBytes, long StoredBytes);
