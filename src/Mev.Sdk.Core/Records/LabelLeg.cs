using System.Runtime.InteropServices;

namespace Mev.Sdk.Records;

/// <summary>One transaction of a <see cref="LabelRecord"/>.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = Size)]
public struct LabelLeg
{
    /// <summary>Bytes of an entry.</summary>
    public const int Size = 88;

    /// <summary>The transaction.</summary>
    public Signature Signature;

    /// <summary>LSN of its first sighting; 0 = not held.</summary>
    public ulong Lsn;

    /// <summary>Its slot.</summary>
    public ulong Slot;

    /// <summary>Its place in the block, from 0.</summary>
    public uint IndexInBlock;

    /// <summary>What it was.</summary>
    public LabelRole Role;

    /// <summary>Reserved; 0.</summary>
    public ushort Reserved;
}
