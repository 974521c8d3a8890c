using Mev.Sdk.Ingest.Solana.Internal;

namespace Mev.Sdk.Ingest.Solana.Yellowstone;

/// <summary>Which accounts' writes are wanted. Configuration shape: <c>Mev:Ingest:Solana:Yellowstone:Accounts:*</c>.</summary>
public sealed class YellowstoneAccountFilter
{
    /// <summary>Accounts by their keys. Default none.</summary>
    public IList<string> Accounts { get; } = [];

    /// <summary>Accounts by the programs that own them. Default none; with neither, no account's writes are asked for.</summary>
    public IList<string> Owners { get; } = [];

    /// <summary>Whether anything is asked for.</summary>
    internal bool IsSet => Accounts.Count + Owners.Count > 0;

    internal void Validate(string key, List<string> errors)
    {
        OptionChecks.Keys(Accounts, $"{key}:Accounts", errors);
        OptionChecks.Keys(Owners, $"{key}:Owners", errors);
    }
}
