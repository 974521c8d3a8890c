using Mev.Sdk.Records;
using Mev.Sdk.Solana.Addresses;

namespace Mev.Sdk.DashboardHost.Live;

/// <summary>Venues as people write them.</summary>
internal static class VenueNames
{
    public static string Get(VenueId venue) => ProgramNames.Of(venue);

    /// <summary>Venues that a filter offers: those that a leg can have, by name.</summary>
    public static IEnumerable<VenueId> All { get; } =
        [.. Enum.GetValues<VenueId>().Where(static v => v is not (VenueId.Unknown or VenueId.JupiterV6)).OrderBy(Get, StringComparer.OrdinalIgnoreCase)];
}
