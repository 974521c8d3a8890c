using System.Runtime.InteropServices;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Records;

/// <summary>A node of the cluster at one moment. Variable data: name (UTF-8: endpoint or label), version (UTF-8), addresses (a JSON object in UTF-8, or empty).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = Size)]
public struct NodeRecord : IMessageLayout
{
    /// <summary>Bytes of the block.</summary>
    public const int Size = 128;

    /// <inheritdoc/>
    public static ushort TemplateId => TemplateIds.Node;

    /// <summary>The node's identity; zero = unknown.</summary>
    public Pubkey Identity;

    /// <summary>Its vote account; zero = none or unknown.</summary>
    public Pubkey VoteAccount;

    /// <summary>When it was looked at, nanoseconds since the Unix epoch.</summary>
    public ulong ObservedNanoseconds;

    /// <summary>Slot it said it was at; 0 = unknown.</summary>
    public ulong Slot;

    /// <summary>Activated stake, lamports; 0 = unknown.</summary>
    public ulong ActivatedStakeLamports;

    /// <summary>Slot of its last vote; 0 = unknown.</summary>
    public ulong LastVoteSlot;

    /// <summary>Its root; 0 = unknown.</summary>
    public ulong RootSlot;

    /// <summary>Round trip of a request to it, nanoseconds; 0 = not measured.</summary>
    public ulong LatencyNanoseconds;

    /// <summary>Leader slots it had in the epoch so far; 0 = unknown.</summary>
    public uint LeaderSlots;

    /// <summary>Blocks it produced in them; 0 = unknown.</summary>
    public uint BlocksProduced;

    /// <summary>Slots behind the tip; 0 = at the tip or unknown.</summary>
    public uint SlotsBehind;

    /// <summary>How it fares.</summary>
    public NodeHealth Health;

    /// <summary>Vote commission, percent.</summary>
    public byte CommissionPercent;

    /// <summary>Reserved; 0.</summary>
    public byte Reserved;
}
