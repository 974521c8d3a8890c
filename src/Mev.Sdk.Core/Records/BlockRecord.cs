using System.Runtime.InteropServices;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Records;

/// <summary>A block's frame: everything about it but its transactions.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = Size)]
public struct BlockRecord : IMessageLayout
{
    /// <summary>Bytes of the block.</summary>
    public const int Size = 144;

    /// <inheritdoc/>
    public static ushort TemplateId => TemplateIds.Block;

    /// <summary>The block's hash.</summary>
    public Pubkey Blockhash;

    /// <summary>The parent's hash.</summary>
    public Pubkey PreviousBlockhash;

    /// <summary>The leader that produced it; zero = unknown.</summary>
    public Pubkey Leader;

    /// <summary>Its slot.</summary>
    public ulong Slot;

    /// <summary>The parent's slot.</summary>
    public ulong ParentSlot;

    /// <summary>Blocks below it; 0 = unknown.</summary>
    public ulong BlockHeight;

    /// <summary>Production time as voted by the cluster, seconds since the Unix epoch; 0 = unknown.</summary>
    public long BlockTimeSeconds;

    /// <summary>Transactions that the source delivered with it.</summary>
    public uint TransactionCount;

    /// <summary>How final it was when it was seen.</summary>
    public SightingStage Stage;

    private readonly byte _reserved1;
    private readonly ushort _reserved2;

    /// <summary>Reserved; 0.</summary>
    public ulong Reserved;
}
