using System.Runtime.InteropServices;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Records;

/// <summary>Advances every transaction of a slot to a later stage at once.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = Size)]
public struct SlotRecord : IMessageLayout
{
    /// <summary>Bytes of the block.</summary>
    public const int Size = 32;

    /// <inheritdoc/>
    public static ushort TemplateId => TemplateIds.Slot;

    /// <summary>The slot.</summary>
    public ulong Slot;

    /// <summary>Its parent; 0 = unknown.</summary>
    public ulong ParentSlot;

    /// <summary>When the stage was reached, nanoseconds since the Unix epoch; 0 = unknown.</summary>
    public ulong TimeNanoseconds;

    /// <summary>The stage reached.</summary>
    public SightingStage Stage;

    private readonly byte _reserved1;
    private readonly ushort _reserved2;
    private readonly uint _reserved3;
}
