using Mev.Sdk.Storage.Journal;

namespace Mev.Sdk.Storage.Tests.Journal.Simulation;

/// <summary>A disk in memory that forgets what was not synced when its power goes: content by sectors, and entries of the folder.</summary>
internal sealed class SimulatedDisk : JournalDisk
{
    private readonly Dictionary<string, SimulatedInode> _durable = [];
    private readonly Dictionary<string, SimulatedInode> _current = [];
    private readonly List<(string? From, string? To, SimulatedInode Inode)> _unsynced = [];
    private int _left = int.MaxValue;
    private bool _locked;

    public bool IsOff { get; private set; }

    /// <summary>Takes the power away at the n-th operation from now.</summary>
    public void LosePowerAfter(int operations) => _left = operations;

    public void LosePower() => IsOff = true;

    /// <summary>The disk as it is when the power comes back.</summary>
    public SimulatedDisk Restart(Random random)
    {
        // A killed process leaves all it wrote; a lost machine nothing, something, or nearly all of what was not synced.
        double[] lucks = [1, 1, 0.9, 0.5, 0.5, 0.1, 0];
        var luck = lucks[random.Next(lucks.Length)];
        var sector = random.Next(2) == 0 ? 512 : 4096;
        var entries = new Dictionary<string, SimulatedInode>(_durable);
        foreach (var (from, to, inode) in _unsynced)
        {
            if (random.NextDouble() >= luck)
            {
                continue;
            }

            if (from is not null && entries.GetValueOrDefault(from) == inode)
            {
                entries.Remove(from);
            }

            if (to is not null)
            {
                entries[to] = inode;
            }
        }

        var next = new SimulatedDisk();
        foreach (var (path, inode) in entries.OrderBy(static e => e.Key, StringComparer.Ordinal))
        {
            next._current[path] = next._durable[path] = inode.AfterPowerLoss(random, sector, luck);
        }

        return next;
    }

    public override void CreateDirectory(string path)
    {
    }

    public override IDisposable Lock(string path, string what)
    {
        Assert.False(_locked, "The journal was opened twice.");
        _locked = true;
        return new Unlocker(this);
    }

    public override JournalFile Open(string path, FileMode mode)
    {
        Count();
        if (!_current.TryGetValue(path, out var inode))
        {
            if (mode == FileMode.Open)
            {
                throw new FileNotFoundException("There is no such file.", path);
            }

            inode = new SimulatedInode();
            _current[path] = inode;
            _unsynced.Add((null, path, inode));
        }
        else if (mode == FileMode.Create)
        {
            inode.SetLength(0);
        }

        return new File(this, path, inode);
    }

    public override JournalFile OpenRead(string path) =>
        _current.TryGetValue(path, out var inode) ? new File(this, path, inode) : throw new FileNotFoundException("There is no such file.", path);

    public override bool Exists(string path) => _current.ContainsKey(path);

    public override IEnumerable<string> List(string directory, string extension) =>
        [.. _current.Keys.Where(path => Path.GetDirectoryName(path) == directory && path.EndsWith(extension, StringComparison.Ordinal))];

    public override void Move(string from, string to)
    {
        Count();
        Assert.False(_current.ContainsKey(to), $"'{to}' would be overwritten.");
        _current.Remove(from, out var inode);
        _current[to] = inode!;
        _unsynced.Add((from, to, inode!));
    }

    public override void Delete(string path)
    {
        Count();
        if (_current.Remove(path, out var inode))
        {
            _unsynced.Add((path, null, inode));
        }
    }

    public override void SyncDirectory(string directory)
    {
        Count();
        _durable.Clear();
        foreach (var (path, inode) in _current)
        {
            _durable[path] = inode;
        }

        _unsynced.Clear();
    }

    private void Count()
    {
        IsOff |= --_left <= 0;
        if (IsOff)
        {
            throw new PowerLostException();
        }
    }

    private sealed class Unlocker(SimulatedDisk disk) : IDisposable
    {
        public void Dispose() => disk._locked = false;
    }

    private sealed class File(SimulatedDisk disk, string path, SimulatedInode inode) : JournalFile(path)
    {
        public override long Length => inode.Length;

        public override int Read(Span<byte> destination, long offset) => inode.Read(destination, offset);

        public override void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            // A write that the power interrupts has begun: its sectors may or may not be there.
            if (!disk.IsOff)
            {
                inode.Write(bytes, offset);
            }

            disk.Count();
        }

        public override void SetLength(long length)
        {
            disk.Count();
            inode.SetLength(length);
        }

        public override void Flush()
        {
            disk.Count();
            inode.Sync();
        }

        public override void Dispose()
        {
        }
    }
}
