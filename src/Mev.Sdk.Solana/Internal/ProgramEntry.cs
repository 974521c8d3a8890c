using Mev.Sdk.Solana.Venues;

namespace Mev.Sdk.Solana.Internal;

/// <summary>What is known about a program.</summary>
/// <param name="Kind">What it means to the decoder.</param>
/// <param name="Venue">How to read its instructions, of a trading venue.</param>
/// <param name="Lending">How to read its liquidations, of a lending program.</param>
internal sealed record ProgramEntry(ProgramKind Kind, VenueDefinition? Venue = null, LendingDefinition? Lending = null)
{
    /// <summary>A program that nobody described.</summary>
    public static ProgramEntry Unknown { get; } = new(ProgramKind.Unknown);
}
