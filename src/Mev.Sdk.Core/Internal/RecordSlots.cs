using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Internal;

/// <summary>Finds the slot a record speaks of, without reading the rest of it.</summary>
internal static class RecordSlots
{
    private static readonly int Transaction = OffsetOf(static (ref TransactionRecord r) => ref r.Slot);
    private static readonly int Opportunity = OffsetOf(static (ref OpportunityRecord r) => ref r.Slot);
    private static readonly int Outcome = OffsetOf(static (ref OutcomeRecord r) => ref r.Slot);
    private static readonly int Block = OffsetOf(static (ref BlockRecord r) => ref r.Slot);
    private static readonly int Account = OffsetOf(static (ref AccountRecord r) => ref r.Slot);
    private static readonly int Node = OffsetOf(static (ref NodeRecord r) => ref r.Slot);
    private static readonly int Strategy = OffsetOf(static (ref StrategyRecord r) => ref r.Slot);
    private static readonly int Slot = OffsetOf(static (ref SlotRecord r) => ref r.Slot);
    private static readonly int Label = OffsetOf(static (ref LabelRecord r) => ref r.Slot);

    private delegate ref ulong Field<T>(ref T record);

    /// <returns>The slot, or 0 when the record has none.</returns>
    public static ulong Get(ReadOnlySpan<byte> frame)
    {
        ref readonly var header = ref Unsafe.As<byte, FrameHeader>(ref MemoryMarshal.GetReference(frame));
        var offset = header.TemplateId switch
        {
            TemplateIds.Transaction => Transaction,
            TemplateIds.Opportunity => Opportunity,
            TemplateIds.Outcome => Outcome,
            TemplateIds.Block => Block,
            TemplateIds.Account => Account,
            TemplateIds.Node => Node,
            TemplateIds.Strategy => Strategy,
            TemplateIds.Slot => Slot,
            TemplateIds.Label => Label,
            _ => -1,
        };
        return offset >= 0 && offset + sizeof(ulong) <= header.BlockLength && FrameHeader.Size + header.BlockLength <= frame.Length
            ? MemoryMarshal.Read<ulong>(frame[(FrameHeader.Size + offset)..])
            : 0;
    }

    private static int OffsetOf<T>(Field<T> field)
        where T : unmanaged
    {
        var record = default(T);
        return (int)Unsafe.ByteOffset(ref Unsafe.As<T, byte>(ref record), ref Unsafe.As<ulong, byte>(ref field(ref record)));
    }
}
