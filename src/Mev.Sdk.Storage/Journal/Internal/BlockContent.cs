using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Journal;

/// <summary>What a block's header says of its records, gathered record by record.</summary>
internal struct BlockContent
{
    private ulong _minSlot;
    private ulong _templates;
    private bool _unknownTemplate;

    public static BlockContent Empty => new() { _minSlot = ulong.MaxValue };

    /// <summary>The least slot of the records that have one; 0 = none has.</summary>
    public readonly ulong MinSlot => MaxSlot == 0 ? 0 : _minSlot;

    public ulong MaxSlot { get; private set; }

    /// <summary>The greatest engine time.</summary>
    public ulong LastTime { get; private set; }

    /// <summary>The header's template map; 0 when a record is of no kind the map has a bit for.</summary>
    public readonly ulong TemplateMap => _unknownTemplate ? 0 : _templates | BlockHeader.HasTemplateMap;

    public void Add(ReadOnlySpan<byte> frame)
    {
        ref readonly var header = ref Unsafe.As<byte, FrameHeader>(ref MemoryMarshal.GetReference(frame));
        _templates |= 1UL << header.TemplateId;
        _unknownTemplate |= !TemplateIds.IsRecord(header.TemplateId);
        LastTime = Math.Max(LastTime, header.EngineTimeNanoseconds);
        _ = new RecordView(Lsn.None, frame).TryGetSlot(out var slot);
        if (slot != 0)
        {
            _minSlot = Math.Min(_minSlot, slot);
            MaxSlot = Math.Max(MaxSlot, slot);
        }
    }
}
