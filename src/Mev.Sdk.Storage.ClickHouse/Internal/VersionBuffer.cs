using System.Buffers;
using System.Buffers.Binary;

namespace Mev.Sdk.Storage.ClickHouse.Internal;

/// <summary>Rows in RowBinary of a table with columns of this store's own behind those of the catalogue.</summary>
internal sealed class VersionBuffer
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public int RowCount { get; private set; }

    public ReadOnlyMemory<byte> Memory => _bytes.WrittenMemory;

    /// <summary>Adds a row.</summary>
    /// <param name="pieces">Its columns.</param>
    /// <param name="own">The numbers behind them.</param>
    public void Add(IReadOnlyList<ReadOnlyMemory<byte>> pieces, params ReadOnlySpan<ulong> own)
    {
        for (var i = 0; i < pieces.Count; i++)
        {
            _bytes.Write(pieces[i].Span);
        }

        AddNumbers(own);
    }

    /// <summary>Adds a row of numbers.</summary>
    public void AddNumbers(params ReadOnlySpan<ulong> numbers)
    {
        foreach (var number in numbers)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(_bytes.GetSpan(sizeof(ulong)), number);
            _bytes.Advance(sizeof(ulong));
        }

        RowCount++;
    }

    /// <summary>Adds a row of <see cref="TableNames.SlotStages"/>.</summary>
    public void AddStage(ulong slot, SlotStage stage)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.GetSpan(sizeof(ulong)), slot);
        _bytes.Advance(sizeof(ulong));
        _bytes.Write([(byte)stage.Stage]);
        AddNumbers(stage.Lsn);
    }
}
