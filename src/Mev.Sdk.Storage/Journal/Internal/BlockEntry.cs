using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Journal;

/// <summary>Where a block of records is and what may be in it: 32 bytes of memory a block.</summary>
internal readonly record struct BlockEntry(ulong FirstLsn, long Offset, uint RecordCount, uint Segment, ulong TemplateMap)
{
    public Lsn LastLsn => new(FirstLsn + RecordCount - 1);

    /// <summary>Whether the block may hold a record of these kinds; one without a map may hold anything.</summary>
    public bool MayHold(TemplateSet templates) => templates.Bits == 0 || TemplateMap == 0 || (TemplateMap & templates.Bits & ~BlockHeader.HasTemplateMap) != 0;
}
