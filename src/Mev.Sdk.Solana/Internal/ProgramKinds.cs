using System.Collections.Frozen;
using Mev.Sdk.Solana.Addresses;

namespace Mev.Sdk.Solana.Internal;

/// <summary>Tells programs by address.</summary>
internal static class ProgramKinds
{
    private static readonly FrozenDictionary<Pubkey, ProgramKind> ByAddress = new Dictionary<Pubkey, ProgramKind>
    {
        [KnownPrograms.System] = ProgramKind.System,
        [KnownPrograms.Vote] = ProgramKind.Vote,
        [KnownPrograms.ComputeBudget] = ProgramKind.ComputeBudget,
        [KnownPrograms.Token] = ProgramKind.Token,
        [KnownPrograms.Token2022] = ProgramKind.Token,
        [KnownPrograms.AssociatedToken] = ProgramKind.AssociatedToken,
        [KnownPrograms.Memo] = ProgramKind.Memo,
        [KnownPrograms.MemoV1] = ProgramKind.Memo,
        [KnownPrograms.RaydiumV4] = ProgramKind.RaydiumV4,
        [KnownPrograms.RaydiumClmm] = ProgramKind.RaydiumClmm,
        [KnownPrograms.RaydiumCpmm] = ProgramKind.RaydiumCpmm,
        [KnownPrograms.OrcaWhirlpool] = ProgramKind.OrcaWhirlpool,
        [KnownPrograms.MeteoraDlmm] = ProgramKind.MeteoraDlmm,
        [KnownPrograms.PumpFun] = ProgramKind.PumpFun,
        [KnownPrograms.PumpSwap] = ProgramKind.PumpSwap,
        [KnownPrograms.MeteoraDamm] = ProgramKind.MeteoraDamm,
    }.ToFrozenDictionary();

    public static ProgramKind Of(in Pubkey program) =>
        ByAddress.TryGetValue(program, out var kind) ? kind
        : Aggregators.Contains(in program) ? ProgramKind.Aggregator
        : ProgramKind.Unknown;

    /// <summary>Programs that never execute a swap themselves.</summary>
    public static bool IsLeaf(ProgramKind kind) => kind is > ProgramKind.Unknown and < ProgramKind.Aggregator;
}
