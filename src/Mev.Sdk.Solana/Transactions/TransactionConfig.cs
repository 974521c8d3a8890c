namespace Mev.Sdk.Solana.Transactions;

/// <summary>What a version-1 message asks for in its header, in place of compute-budget instructions.</summary>
/// <remarks>
/// Source: SIMD-0385, "TransactionConfigMask". What is null was not asked for; the proposal then takes the least value allowed: no priority fee, no compute
/// units, no loaded account data, a heap of 32 KiB.
/// </remarks>
/// <param name="PriorityFeeLamports">Priority fee of the whole transaction, lamports.</param>
/// <param name="ComputeUnitLimit">Most compute units it may consume.</param>
/// <param name="LoadedAccountsDataSizeLimit">Most account data it may load, bytes.</param>
/// <param name="HeapSize">Heap of each program, bytes; the runtime takes multiples of 1 KiB from 32 to 256 KiB.</param>
public readonly record struct TransactionConfig(
    ulong? PriorityFeeLamports = null,
    uint? ComputeUnitLimit = null,
    uint? LoadedAccountsDataSizeLimit = null,
    uint? HeapSize = null)
{
    // Each set bit of the mask announces four bytes; the fee takes two bits, which are set together.
    internal const uint PriorityFeeBits = 0b11;
    internal const uint ComputeUnitLimitBit = 0b100;
    internal const uint LoadedDataSizeBit = 0b1000;
    internal const uint HeapSizeBit = 0b1_0000;
    internal const uint KnownBits = 0b1_1111;

    internal uint Mask => (PriorityFeeLamports is null ? 0 : PriorityFeeBits)
        | (ComputeUnitLimit is null ? 0 : ComputeUnitLimitBit)
        | (LoadedAccountsDataSizeLimit is null ? 0 : LoadedDataSizeBit)
        | (HeapSize is null ? 0 : HeapSizeBit);
}
