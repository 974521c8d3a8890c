using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Mev.Sdk;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace EngineSimulator.Sources;

/// <summary>Makes another pass over the same blocks a pass of its own: other signatures, later slots, later times, in record and wire alike.</summary>
/// <param name="Pass">Passes before this one.</param>
/// <param name="Seed">Seed of the signatures.</param>
/// <param name="SlotShift">Slots that this pass lies behind the first.</param>
internal readonly record struct FreshPass(ulong Pass, ulong Seed, ulong SlotShift)
{
    private const int MillisecondsPerSlot = 400;

    /// <summary>Rewrites whole frames in place; their checksums are the publisher's to make.</summary>
    public void Rewrite(Span<byte> frames)
    {
        while (!frames.IsEmpty)
        {
            var frame = frames[..(int)MemoryMarshal.Read<uint>(frames)];
            switch (MemoryMarshal.AsRef<FrameHeader>(frame).TemplateId)
            {
                case TemplateIds.Block:
                    Rewrite(ref MemoryMarshal.AsRef<BlockRecord>(frame[FrameHeader.Size..]));
                    break;
                case TemplateIds.Transaction:
                    Rewrite(ref MemoryMarshal.AsRef<TransactionRecord>(frame[FrameHeader.Size..]), frame[(FrameHeader.Size + TransactionRecord.Size)..]);
                    break;
            }

            frames = frames[frame.Length..];
        }
    }

    private void Rewrite(ref BlockRecord block)
    {
        block.Slot += SlotShift;
        block.ParentSlot += SlotShift;
        block.BlockHeight += block.BlockHeight == 0 ? 0 : SlotShift;
        block.BlockTimeSeconds += SecondsShift(block.BlockTimeSeconds);
        if (Pass > 0)
        {
            Mix(MemoryMarshal.AsBytes(new Span<Pubkey>(ref block.Blockhash)));
            Mix(MemoryMarshal.AsBytes(new Span<Pubkey>(ref block.PreviousBlockhash)));
        }
    }

    private void Rewrite(ref TransactionRecord record, Span<byte> behindBlock)
    {
        record.Flags |= TransactionFlags.Simulated;
        record.Slot += SlotShift;
        record.BlockTimeSeconds += SecondsShift(record.BlockTimeSeconds);
        if (Pass == 0)
        {
            return;
        }

        Mix(MemoryMarshal.AsBytes(new Span<Signature>(ref record.Signature)));
        var dimension = MemoryMarshal.Read<GroupDimension>(behindBlock);
        var data = behindBlock[(WireFormat.GroupDimensionSize + (dimension.BlockLength * dimension.NumInGroup))..];
        var wire = data.Slice(WireFormat.DataLengthSize, (int)BinaryPrimitives.ReadUInt32LittleEndian(data));

        // A wire transaction begins with a compact-u16 count of signatures, one byte up to 127, and the signatures.
        if (!wire.IsEmpty)
        {
            Signature.AsSpan(in record.Signature).CopyTo(wire[1..]);
        }
    }

    // A bijection of the old bytes for every pass, so that different signatures stay different.
    private void Mix(Span<byte> bytes)
    {
        var state = Seed ^ (Pass * 0xD1342543DE82EF95);
        foreach (ref var word in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            state += 0x9E3779B97F4A7C15;
            var z = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
            word ^= z ^ (z >> 27);
        }
    }

    private long SecondsShift(long seconds) => seconds == 0 ? 0 : (long)(SlotShift * MillisecondsPerSlot / 1_000);
}
