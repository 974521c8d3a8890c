using System.Collections.Frozen;

namespace Mev.Sdk.Solana.Json;

/// <summary>Keys that the runtime never lets be writable: jsonParsed shows them readonly whatever the message asks.</summary>
/// <remarks>Source: <c>reserved_account_keys.rs</c> of Agave. What else is demoted (a program that is called) the residual keeps.</remarks>
internal static class ReservedKeys
{
    private static readonly FrozenSet<string> All = new[]
    {
        "11111111111111111111111111111111",
        "Vote111111111111111111111111111111111111111",
        "Stake11111111111111111111111111111111111111",
        "ComputeBudget111111111111111111111111111111",
        "AddressLookupTab1e1111111111111111111111111",
        "BPFLoader1111111111111111111111111111111111",
        "BPFLoader2111111111111111111111111111111111",
        "BPFLoaderUpgradeab1e11111111111111111111111",
        "Config1111111111111111111111111111111111111",
        "Ed25519SigVerify111111111111111111111111111",
        "KeccakSecp256k11111111111111111111111111111",
        "SysvarC1ock11111111111111111111111111111111",
        "SysvarEpochSchedu1e111111111111111111111111",
        "SysvarFees111111111111111111111111111111111",
        "Sysvar1nstructions1111111111111111111111111",
        "SysvarRecentB1ockHashes11111111111111111111",
        "SysvarRent111111111111111111111111111111111",
        "SysvarRewards111111111111111111111111111111",
        "SysvarS1otHashes111111111111111111111111111",
        "SysvarS1otHistory11111111111111111111111111",
        "SysvarStakeHistory1111111111111111111111111",
    }.ToFrozenSet(StringComparer.Ordinal);

    public static bool Contains(string key) => All.Contains(key);
}
