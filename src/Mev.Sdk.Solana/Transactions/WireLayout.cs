namespace Mev.Sdk.Solana.Transactions;

/// <summary>Where a transaction's parts are; offsets in bytes from its first.</summary>
internal struct WireLayout
{
    public MessageFormat Format;
    public byte Required;
    public byte ReadonlySigned;
    public byte ReadonlyUnsigned;
    public int Signatures;
    public int SignaturesStart;
    public int MessageStart;
    public int MessageEnd;
    public int KeyCount;
    public int KeysStart;
    public int BlockhashStart;
    public int Instructions;
    public int InstructionsStart;
    public int Lookups;
    public int LookupsStart;
    public int LoadedWritable;
    public int LoadedReadonly;
    public TransactionConfig Config;

    /// <summary>The payer signs and is writable, and the counts fit the keys.</summary>
    public readonly bool HeaderIsConsistent => ReadonlySigned < Required && Required + ReadonlyUnsigned <= KeyCount;
}
