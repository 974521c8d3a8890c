using Mev.Sdk.Records;

namespace Mev.Sdk.Storage.Relational;

/// <summary>What is wanted of the stored transactions; conditions are combined by "and".</summary>
/// <remarks>Rows hold the first swap of a transaction only, so <see cref="Venue"/> and the mints look at that one and not at later legs of a route.</remarks>
public sealed record TransactionQuery
{
    /// <summary>Rows wanted at most by default.</summary>
    public const int DefaultLimit = 100;

    /// <summary>What kind; default any.</summary>
    public TransactionKind Kind { get; init; }

    /// <summary>Venue of the first swap; null (default) = any.</summary>
    public VenueId? Venue { get; init; }

    /// <summary>A mint on either side of the first swap; null (default) = any.</summary>
    public Pubkey? Mint { get; init; }

    /// <summary>The mint on the other side of it; null (default) = any. Equal to <see cref="Mint"/> asks for a swap of a token for itself.</summary>
    public Pubkey? OtherMint { get; init; }

    /// <summary>Who paid the fee; null (default) = anybody.</summary>
    public Pubkey? Payer { get; init; }

    /// <summary>The slot; null (default) = any.</summary>
    public ulong? Slot { get; init; }

    /// <summary>The least score, 0 to 1; null (default) = any, also those without a score.</summary>
    public double? MinimumScore { get; init; }

    /// <summary>Rows older than this one, for the next page; <see cref="Lsn.None"/> (default) = the newest.</summary>
    public Lsn Before { get; init; }

    /// <summary>Rows at most, 1 to 10,000; default 100.</summary>
    public int Limit { get; init; } = DefaultLimit;
}
