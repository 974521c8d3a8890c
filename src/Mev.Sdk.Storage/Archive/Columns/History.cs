using System.Buffers.Binary;
using Mev.Sdk.Storage.Archive.Coding;

namespace Mev.Sdk.Storage.Archive.Columns;

/// <summary>What a transaction has said so far, for back references to 8-byte values: an amount appears in an instruction, a transfer, a balance and an event.</summary>
internal sealed class History
{
    private const int WindowBits = 13;

    /// <summary>Smaller values are cheaper to code than to refer to.</summary>
    private const ulong LeastValue = 1 << 12;

    private readonly ByteArena _bytes = new();
    private readonly Window[] _windows = new Window[1 << WindowBits];
    private readonly bool _finds;
    private int _stamp;

    /// <summary>Creates a history.</summary>
    /// <param name="finds">Whether values are searched; only encoders do.</param>
    public History(bool finds) => _finds = finds;

    /// <summary>Sections that a reference counts from.</summary>
    public HistorySections Sections;

    public int Length => _bytes.Length;

    public void Clear()
    {
        _bytes.Clear();
        _stamp++;
        Sections = HistorySections.None;
    }

    /// <summary>Adds bytes, every window of which can be referred to.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="isWhole">False when some of them are not known to a decoder yet, so that nothing may refer to them.</param>
    /// <returns>Where they start.</returns>
    public int Add(ReadOnlySpan<byte> bytes, bool isWhole = true)
    {
        var start = _bytes.Add(bytes);
        for (var i = 0; _finds && isWhole && i + sizeof(ulong) <= bytes.Length; i++)
        {
            var value = BinaryPrimitives.ReadUInt64LittleEndian(bytes[i..]);
            if (value >= 1 << 16)
            {
                Index(value, start + i);
            }
        }

        return start;
    }

    public void Add(ulong value)
    {
        var at = _bytes.Reserve(sizeof(ulong));
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes[at, sizeof(ulong)], value);
        if (_finds && value >= LeastValue)
        {
            Index(value, at);
        }
    }

    /// <summary>The value at a place that <see cref="Holds"/>.</summary>
    public ulong Read(int at) => BinaryPrimitives.ReadUInt64LittleEndian(_bytes[at, sizeof(ulong)]);

    public bool Holds(int at) => at >= 0 && at <= _bytes.Length - sizeof(ulong);

    /// <summary>Where a value was last said, or -1.</summary>
    public int Find(ulong value)
    {
        if (value < LeastValue)
        {
            return -1;
        }

        var window = WindowOf(value);
        ref readonly var found = ref _windows[window];
        return found.Stamp == _stamp && Read(found.At) == value ? found.At : -1;
    }

    private static int WindowOf(ulong value) => (int)((value * 0x9E3779B97F4A7C15UL) >> (64 - WindowBits));

    private void Index(ulong value, int at)
    {
        var window = WindowOf(value);
        (_windows[window].At, _windows[window].Stamp) = (at, _stamp);
    }

    /// <summary>Where a value was said last, and in which transaction.</summary>
    private struct Window
    {
        public int At;
        public int Stamp;
    }
}
