using Mev.Sdk.Records;

namespace Mev.Sdk.Solana.Venues;

/// <summary>Where an instruction names its pool and the pool's two token accounts: positions in the instruction's account list.</summary>
/// <param name="Venue">The venue.</param>
/// <param name="Pool">The pool.</param>
/// <param name="VaultA">One token account of the pool.</param>
/// <param name="VaultB">The other.</param>
/// <param name="MinimumOut">The least that the trader accepts, base units; 0 = not stated.</param>
internal readonly record struct SwapShape(VenueId Venue, int Pool, int VaultA, int VaultB, ulong MinimumOut);
