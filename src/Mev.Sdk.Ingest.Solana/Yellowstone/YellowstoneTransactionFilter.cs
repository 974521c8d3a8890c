using Mev.Sdk.Ingest.Solana.Internal;

namespace Mev.Sdk.Ingest.Solana.Yellowstone;

/// <summary>Which transactions are wanted. Configuration shape: <c>Mev:Ingest:Solana:Yellowstone:Transactions:*</c>.</summary>
/// <remarks>With any of it set, a block's transaction count no longer tells whether all that were wanted came.</remarks>
public sealed class YellowstoneTransactionFilter
{
    /// <summary>True = votes only, false = no votes. Default null: both.</summary>
    public bool? Vote { get; set; }

    /// <summary>True = failed ones only, false = successful ones only. Default null: both.</summary>
    public bool? Failed { get; set; }

    /// <summary>Keys of which a transaction must name at least one. Default none: any.</summary>
    public IList<string> AccountInclude { get; } = [];

    /// <summary>Keys of which a transaction must name none. Default none.</summary>
    public IList<string> AccountExclude { get; } = [];

    /// <summary>Keys that a transaction must name, all of them. Default none.</summary>
    public IList<string> AccountRequired { get; } = [];

    internal void Validate(string key, List<string> errors)
    {
        OptionChecks.Keys(AccountInclude, $"{key}:AccountInclude", errors);
        OptionChecks.Keys(AccountExclude, $"{key}:AccountExclude", errors);
        OptionChecks.Keys(AccountRequired, $"{key}:AccountRequired", errors);
    }
}
