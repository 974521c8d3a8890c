using Mev.Sdk.Storage.Archive;

namespace Mev.Sdk.DashboardHost.Archive;

/// <summary>The archive as the page shows it.</summary>
/// <param name="At">When it was looked at.</param>
/// <param name="ArchivedTo">The last record that is in the store.</param>
/// <param name="Lag">Durable records that are not.</param>
/// <param name="Problem">Why the last try to seal or to list failed; null when it did not.</param>
/// <param name="ObjectCount">Objects in the store.</param>
/// <param name="StoredBytes">Their bytes.</param>
/// <param name="Newest">The newest objects that could be opened, newest first.</param>
/// <param name="Unreadable">Objects among the newest that could not be opened, and why.</param>
/// <param name="ReadBack">Sums over every object that was opened so far.</param>
internal sealed record ArchiveFacts(
    DateTimeOffset At, Lsn ArchivedTo, long Lag, string? Problem, int ObjectCount, long StoredBytes, IReadOnlyList<ArchiveObjectInfo> Newest, IReadOnlyList<string> Unreadable, ArchiveSums ReadBack);
