namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>Counts what a verification looks at, and tells of it. Not thread-safe.</summary>
internal sealed class VerifyTally(IProgress<ArchiveVerifyProgress>? progress)
{
    private readonly List<ArchiveDamage> _damages = [];
    private long _objects;
    private long _bytes;
    private long _frames;

    public long ObjectsTotal { get; init; }

    public long BytesTotal { get; init; }

    public void Add(ArchiveDamage damage) => _damages.Add(damage);

    public void Add(long bytes, long frames)
    {
        (_bytes, _frames) = (_bytes + bytes, _frames + frames);
        Tell();
    }

    public void EndObject()
    {
        _objects++;
        Tell();
    }

    public ArchiveVerifyReport ToReport() => new(_objects, _bytes, _frames, _damages);

    private void Tell() => progress?.Report(new ArchiveVerifyProgress(_objects, ObjectsTotal, _bytes, BytesTotal, _frames, _damages.Count));
}
