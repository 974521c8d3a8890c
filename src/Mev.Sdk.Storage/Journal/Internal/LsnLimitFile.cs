using System.Buffers.Binary;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Journal;

/// <summary>Keeps a number that every LSN ever handed out is below; docs/journal-format.md, "lsn-limit". Thread-safe.</summary>
internal sealed class LsnLimitFile : IDisposable
{
    public const string FileName = "lsn-limit";

    /// <summary>LSNs reserved at a time: one sync for each million records.</summary>
    public const ulong Step = 1 << 20;

    /// <summary>Skipped when the limit was lost: more records than any write buffer holds, and 1/65,536 of all numbers.</summary>
    public const ulong LostSkip = 1UL << 32;

    private const ulong Magic = 0x1A_4E_53_4C_4A_56_45_4D; // "MEVJLSN" and 0x1A
    private const int SlotSize = 32;
    private const int SlotStride = 4096;
    private readonly JournalFile _file;
    private readonly ushort _logId;
    private readonly Lock _gate = new();
    private int _nextSlot;
    private ulong _limit;
    private uint _sealedSegment;

    private LsnLimitFile(JournalFile file, ushort logId)
    {
        _file = file;
        _logId = logId;
    }

    public string Path => _file.Path;

    /// <summary>Whether a slot was written once and cannot be read: the greater limit may have stood there.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>The stored limit; <see cref="Lsn.None"/> when there is none.</summary>
    public Lsn Limit => new(Volatile.Read(ref _limit));

    /// <exception cref="InvalidDataException">The file belongs to another log.</exception>
    public static LsnLimitFile Open(JournalDisk disk, string directory, ushort logId)
    {
        var limits = new LsnLimitFile(disk.Open(System.IO.Path.Combine(directory, FileName), FileMode.OpenOrCreate), logId);
        try
        {
            limits.Load();
            return limits;
        }
        catch
        {
            limits.Dispose();
            throw;
        }
    }

    /// <summary>The greatest number of a segment that is known to have been sealed; 0 = none.</summary>
    public uint SealedSegment => Volatile.Read(ref _sealedSegment);

    /// <summary>Keeps that a segment was sealed.</summary>
    public void StoreSealed(uint segment)
    {
        lock (_gate)
        {
            if (segment > _sealedSegment)
            {
                Store(_limit, segment);
            }
        }
    }

    /// <summary>Makes sure that the stored limit is above a number; syncs when it has to move.</summary>
    /// <param name="last">The last LSN about to be given on.</param>
    public void EnsureAbove(Lsn last)
    {
        if (Limit > last)
        {
            return;
        }

        lock (_gate)
        {
            if (Limit <= last)
            {
                Store(last.Value + Step, _sealedSegment);
            }
        }
    }

    public void Dispose() => _file.Dispose();

    private void Load()
    {
        var stored = new byte[SlotStride + SlotSize];
        var length = 0;
        while (length < stored.Length && _file.Read(stored.AsSpan(length), length) is > 0 and var read)
        {
            length += read;
        }

        for (var slot = 0; slot < 2; slot++)
        {
            var bytes = stored.AsSpan(slot * SlotStride, SlotSize);
            if (!bytes.ContainsAnyExcept((byte)0))
            {
                continue;
            }

            if (!TryReadSlot(bytes, out var limit, out var sealedSegment))
            {
                IsDamaged = true;
                continue;
            }

            if (limit > _limit || (limit == _limit && sealedSegment > _sealedSegment))
            {
                _limit = limit;
                _nextSlot = 1 - slot;
            }

            _sealedSegment = Math.Max(_sealedSegment, sealedSegment);
        }

        if (length < stored.Length)
        {
            // So that a disk that fills up later still takes a new limit.
            _file.Write(stored.AsSpan(length), length);
        }
    }

    private bool TryReadSlot(ReadOnlySpan<byte> bytes, out ulong limit, out uint sealedSegment)
    {
        (limit, sealedSegment) = (0, 0);
        if (BinaryPrimitives.ReadUInt64LittleEndian(bytes) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[28..]) != Crc32C.Compute(bytes[..28]))
        {
            return false;
        }

        var logId = BinaryPrimitives.ReadUInt16LittleEndian(bytes[10..]);
        if (logId != _logId)
        {
            throw new InvalidDataException(
                $"The journal file '{Path}' belongs to log {logId}, the host is configured as log {_logId}: set Mev:Storage:Journal:LogId to {logId} or use another directory.");
        }

        limit = BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]);
        sealedSegment = BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]);
        return true;
    }

    private void Store(ulong limit, uint sealedSegment)
    {
        Span<byte> bytes = stackalloc byte[SlotSize];
        bytes.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[8..], 1);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[10..], _logId);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], limit);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[24..], sealedSegment);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[28..], Crc32C.Compute(bytes[..28]));
        _file.Write(bytes, _nextSlot * (long)SlotStride);
        _file.Flush();
        _nextSlot = 1 - _nextSlot;
        Volatile.Write(ref _limit, limit);
        Volatile.Write(ref _sealedSegment, sealedSegment);
    }
}
