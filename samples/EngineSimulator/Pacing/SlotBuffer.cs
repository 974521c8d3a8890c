using System.Buffers;
using System.Runtime.InteropServices;
using EngineSimulator.Sources;
using Mev.Sdk.Wire;

namespace EngineSimulator.Pacing;

/// <summary>One slot's frames, in memory that is reused and can be written to.</summary>
internal sealed class SlotBuffer : IBufferWriter<byte>
{
    private byte[] _bytes = new byte[1 << 20];
    private int _length;

    /// <summary>The frames; valid until the next fill.</summary>
    public Memory<byte> Memory => _bytes.AsMemory(0, _length);

    /// <summary>Transactions among them.</summary>
    public int Transactions { get; private set; }

    /// <summary>Takes the next slot.</summary>
    /// <returns>False at the source's end.</returns>
    public bool TryFill(ISlotSource source)
    {
        _length = 0;
        Transactions = 0;
        if (!source.TryWrite(this))
        {
            return false;
        }

        for (var at = 0; at < _length; at += (int)MemoryMarshal.Read<uint>(_bytes.AsSpan(at)))
        {
            Transactions += MemoryMarshal.Read<FrameHeader>(_bytes.AsSpan(at)).TemplateId == TemplateIds.Transaction ? 1 : 0;
        }

        return true;
    }

    /// <inheritdoc/>
    public void Advance(int count) => _length += count;

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        var needed = _length + Math.Max(1, sizeHint);
        if (needed > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(needed, _bytes.Length * 2));
        }

        return _bytes.AsMemory(_length);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
}
