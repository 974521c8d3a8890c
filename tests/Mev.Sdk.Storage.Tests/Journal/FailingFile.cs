using Mev.Sdk.Storage.Journal;

namespace Mev.Sdk.Storage.Tests.Journal;

/// <summary>A disk that is full, or dies, when told to.</summary>
internal sealed class FailingDisk
{
    public bool WritesFail { get; set; }

    public bool SyncsFail { get; set; }

    public ManualResetEventSlim SyncsGoOn { get; } = new(initialState: true);

    public SegmentFile Open(string path, FileMode mode) => new FailingFile(this, path, mode);

    private sealed class FailingFile(FailingDisk disk, string path, FileMode mode) : SegmentFile(path, mode)
    {
        public override void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            if (disk.WritesFail)
            {
                // As a real disk that fills up: part of it is written.
                base.Write(bytes[..(bytes.Length / 2)], offset);
                throw new IOException("No space left on device");
            }

            base.Write(bytes, offset);
        }

        public override void Flush()
        {
            disk.SyncsGoOn.Wait();
            if (disk.SyncsFail)
            {
                throw new IOException("Input/output error");
            }

            base.Flush();
        }
    }
}
