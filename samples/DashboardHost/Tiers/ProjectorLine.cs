namespace Mev.Sdk.DashboardHost.Tiers;

/// <summary>A projector as the page shows it.</summary>
/// <param name="Target">The database that it fills.</param>
/// <param name="Lag">Durable records that are not there yet.</param>
/// <param name="Checkpoint">The last record that is.</param>
/// <param name="Problem">Why it is trying again; null when it is not.</param>
internal sealed record ProjectorLine(string Target, long Lag, Lsn Checkpoint, string? Problem);
