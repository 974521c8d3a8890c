namespace Mev.Sdk.Storage.Tests.Journal.Simulation;

/// <summary>A file's content: what is durable, what programs see, and the changes between the two.</summary>
internal sealed class SimulatedInode
{
    private readonly List<(long Offset, byte[]? Bytes)> _unsynced = [];
    private byte[] _durable = [];
    private byte[] _current = [];

    public long Length => _current.Length;

    public int Read(Span<byte> destination, long offset)
    {
        var count = (int)Math.Clamp(_current.Length - offset, 0, destination.Length);
        _current.AsSpan((int)Math.Min(offset, _current.Length), count).CopyTo(destination);
        return count;
    }

    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        _unsynced.Add((offset, bytes.ToArray()));
        Apply(ref _current, offset, bytes);
    }

    public void SetLength(long length)
    {
        _unsynced.Add((length, null));
        Array.Resize(ref _current, (int)length);
    }

    public void Sync()
    {
        _durable = (byte[])_current.Clone();
        _unsynced.Clear();
    }

    /// <summary>What the disk holds when the power comes back: of the changes since the last sync, some sectors, in any order.</summary>
    /// <param name="random">Decides.</param>
    /// <param name="sector">Bytes that are written whole or not at all.</param>
    /// <param name="luck">How probable it is that a sector was written.</param>
    public SimulatedInode AfterPowerLoss(Random random, int sector, double luck)
    {
        var content = (byte[])_durable.Clone();
        foreach (var (offset, bytes) in _unsynced)
        {
            if (bytes is null)
            {
                if (random.NextDouble() < luck)
                {
                    Array.Resize(ref content, (int)offset);
                }

                continue;
            }

            for (var at = offset; at < offset + bytes.Length;)
            {
                var end = Math.Min(offset + bytes.Length, (at / sector + 1) * sector);
                if (random.NextDouble() < luck)
                {
                    Apply(ref content, at, bytes.AsSpan((int)(at - offset), (int)(end - at)));
                }

                at = end;
            }

            // The length may be on the disk without the content.
            if (content.Length < offset + bytes.Length && random.NextDouble() < luck / 2)
            {
                Array.Resize(ref content, (int)(offset + bytes.Length));
            }
        }

        return new SimulatedInode { _durable = content, _current = (byte[])content.Clone() };
    }

    private static void Apply(ref byte[] content, long offset, ReadOnlySpan<byte> bytes)
    {
        if (content.Length < offset + bytes.Length)
        {
            Array.Resize(ref content, (int)(offset + bytes.Length));
        }

        bytes.CopyTo(content.AsSpan((int)offset));
    }
}
