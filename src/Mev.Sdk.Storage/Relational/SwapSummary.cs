using Mev.Sdk.Records;

namespace Mev.Sdk.Storage.Relational;

/// <summary>What a table row says of a swap.</summary>
/// <param name="Venue">Where.</param>
/// <param name="Pool">The pool; zero = unknown.</param>
/// <param name="MintIn">What was given.</param>
/// <param name="MintOut">What was got.</param>
/// <param name="AmountIn">How much was given, base units.</param>
/// <param name="AmountOut">How much was got, base units.</param>
/// <param name="DecimalsIn">Decimals of <paramref name="MintIn"/>.</param>
/// <param name="DecimalsOut">Decimals of <paramref name="MintOut"/>.</param>
public sealed record SwapSummary(
    VenueId Venue,
    Pubkey Pool,
    Pubkey MintIn,
    Pubkey MintOut,
    ulong AmountIn,
    ulong AmountOut,
    byte DecimalsIn,
    byte DecimalsOut);
