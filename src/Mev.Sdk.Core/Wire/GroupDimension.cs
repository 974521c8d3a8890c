using System.Runtime.InteropServices;

namespace Mev.Sdk.Wire;

/// <summary>What stands in front of a group's entries; the 8-byte form, so that entries stay aligned.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 2, Size = WireFormat.GroupDimensionSize)]
public struct GroupDimension
{
    /// <summary>Bytes of an entry as its writer knew it.</summary>
    public ushort BlockLength;

    /// <summary>Entries that follow.</summary>
    public ushort NumInGroup;

    /// <summary>Nested groups; 0 in version 1.</summary>
    public ushort NumGroups;

    /// <summary>Nested variable-length fields; 0 in version 1.</summary>
    public ushort NumVarDataFields;
}
