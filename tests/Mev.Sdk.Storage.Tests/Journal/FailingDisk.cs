using Mev.Sdk.Storage.Journal;

namespace Mev.Sdk.Storage.Tests.Journal;

/// <summary>A disk that is full, or dies, when told to.</summary>
internal sealed class FailingDisk : JournalDisk
{
    // ENOSPC, as .NET reports it on Unix, and ERROR_DISK_FULL.
    private static readonly int NoSpace = OperatingSystem.IsWindows() ? unchecked((int)0x80070070) : 28;

    public bool WritesFail { get; set; }

    public bool SyncsFail { get; set; }

    /// <summary>Bytes that still fit; less than 0 = any number.</summary>
    public long Space { get; set; } = -1;

    public bool IsFullWhenSynced { get; set; }

    public int Refusals { get; private set; }

    public ManualResetEventSlim SyncsGoOn { get; } = new(initialState: true);

    public override JournalFile Open(string path, FileMode mode) => new FailingFile(this, path, mode);

    private sealed class FailingFile(FailingDisk disk, string path, FileMode mode) : DiskFile(path, mode, FileAccess.ReadWrite)
    {
        public override void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            // As a real disk that fills up: part of it is written. What stands there already needs no space.
            var fits = disk.WritesFail ? bytes.Length / 2 : disk.Space < 0 ? bytes.Length : Math.Min(bytes.Length, disk.Space + Math.Max(0, Length - offset));
            var before = Length;
            base.Write(bytes[..(int)fits], offset);
            disk.Space -= disk.Space < 0 ? 0 : Length - before;
            if (fits < bytes.Length)
            {
                disk.Refusals++;
                throw disk.WritesFail ? new IOException("Input/output error while writing", 5) : new IOException("No space left on device", NoSpace);
            }
        }

        public override void SetLength(long length)
        {
            var before = Length;
            base.SetLength(length);
            disk.Space += disk.Space < 0 ? 0 : before - Length;
        }

        public override void Flush()
        {
            disk.SyncsGoOn.Wait();
            if (disk.SyncsFail)
            {
                throw disk.IsFullWhenSynced ? new IOException("No space left on device", NoSpace) : new IOException("Input/output error", 5);
            }

            base.Flush();
        }
    }
}
