namespace Mev.Sdk.DashboardHost.Live;

/// <summary>One whole second of the chart.</summary>
/// <param name="T">Seconds since the Unix epoch.</param>
/// <param name="Tx">Distinct transactions first seen in it.</param>
/// <param name="Swaps">Those that swapped.</param>
/// <param name="Opps">Opportunities.</param>
internal readonly record struct ChartPoint(long T, int Tx, int Swaps, int Opps);
