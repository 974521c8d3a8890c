using System.Text.Json;
using Mev.Sdk.Storage.Internal;
using Mev.Sdk.Storage.Journal;

namespace Mev.Sdk.Storage;

/// <summary>The folder where a host keeps everything: locked by one process, marked with what kind of data it holds.</summary>
/// <remarks>Immutable; dispose it to give the folder free.</remarks>
public sealed class DataDirectory : IDisposable
{
    /// <summary>Name of the marker file.</summary>
    public const string MarkerFileName = "mev-data.json";

    /// <summary>The marker version this code writes and reads.</summary>
    public const int Version = 1;

    private const string LockFileName = "host.lock";
    private const string Format = "mev-data";
    private readonly ExclusiveLock _lock;

    private DataDirectory(string path, DataKind kind, ExclusiveLock held)
    {
        FullPath = path;
        Kind = kind;
        _lock = held;
    }

    /// <summary>The folder's full path.</summary>
    public string FullPath { get; }

    /// <summary>What it holds.</summary>
    public DataKind Kind { get; }

    /// <summary>Where the journal goes.</summary>
    public string JournalPath => GetPath("journal");

    /// <summary>Opens a folder, or makes and marks it.</summary>
    /// <param name="path">The folder; relative to the current directory unless rooted.</param>
    /// <param name="kind">What will be stored.</param>
    /// <param name="timeProvider">The clock for the marker; the system's when null.</param>
    /// <returns>The locked folder.</returns>
    /// <exception cref="IOException">It cannot be made or written, or another process uses it.</exception>
    /// <exception cref="InvalidOperationException">It holds the other kind of data.</exception>
    /// <exception cref="InvalidDataException">Its marker is damaged, of a later version, or the folder belongs to something else.</exception>
    public static DataDirectory Open(string path, DataKind kind, TimeProvider? timeProvider = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var full = Path.GetFullPath(path);
        Folders.Create(full, "data");
        var held = ExclusiveLock.Acquire(Path.Combine(full, LockFileName), $"The data directory '{full}'");
        try
        {
            var marker = Path.Combine(full, MarkerFileName);
            if (File.Exists(marker))
            {
                CheckMarker(marker, kind);
            }
            else
            {
                RefuseForeign(full);
                WriteMarker(marker, kind, (timeProvider ?? TimeProvider.System).GetUtcNow());
            }

            return new DataDirectory(full, kind, held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>The full path of something in the folder.</summary>
    /// <param name="name">A name relative to the folder.</param>
    /// <returns>The path; nothing is made.</returns>
    public string GetPath(string name) => Path.Combine(FullPath, name);

    /// <summary>Gives the folder free.</summary>
    public void Dispose() => _lock.Dispose();

    private static void CheckMarker(string marker, DataKind kind)
    {
        var (version, stored) = ReadMarker(marker);
        if (version != Version)
        {
            throw new InvalidDataException($"'{marker}' has version {version}, this version of the SDK reads {Version}: use the version that wrote it, or another directory.");
        }

        if (stored != kind)
        {
            throw new InvalidOperationException(
                $"'{Path.GetDirectoryName(marker)}' holds {Describe(stored)}, this host is about to store {Describe(kind)}. They are never mixed: "
                + "set Mev:DataDirectory to another folder.");
        }
    }

    private static (int Version, DataKind Kind) ReadMarker(string marker)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(marker));
            var root = json.RootElement;
            if (root.GetProperty("format").GetString() == Format
                && root.GetProperty("version").TryGetInt32(out var version)
                && Enum.TryParse<DataKind>(root.GetProperty("kind").GetString(), ignoreCase: true, out var kind)
                && Enum.IsDefined(kind))
            {
                return (version, kind);
            }
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw Unreadable(marker, e);
        }

        throw Unreadable(marker, null);
    }

    private static InvalidDataException Unreadable(string marker, Exception? cause) => new(
        $"'{marker}' is damaged: it should say {{\"format\":\"{Format}\",\"version\":{Version},\"kind\":\"chain\"}} or \"simulated\". Restore it, or use another directory (Mev:DataDirectory).", cause);

    // A folder full of other things is more likely a mistyped path than a place for data.
    private static void RefuseForeign(string path)
    {
        var foreign = Directory.EnumerateFileSystemEntries(path).FirstOrDefault(static e => Path.GetFileName(e) != LockFileName);
        if (foreign is not null)
        {
            throw new InvalidDataException(
                $"'{path}' is not a data directory ('{MarkerFileName}' is missing) and not empty (it holds '{Path.GetFileName(foreign)}'): use an empty or a new folder (Mev:DataDirectory).");
        }
    }

    private static void WriteMarker(string marker, DataKind kind, DateTimeOffset now)
    {
        var temporary = marker + ".tmp";
        using (var stream = PrivateFiles.Open(temporary, FileMode.Create, FileAccess.Write, FileShare.Read))
        {
            using (var json = new Utf8JsonWriter(stream))
            {
                json.WriteStartObject();
                json.WriteString("format", Format);
                json.WriteNumber("version", Version);
                json.WriteString("kind", Name(kind));
                json.WriteString("created", now);
                json.WriteEndObject();
            }

            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, marker);
        DirectorySync.Flush(Path.GetDirectoryName(marker)!);
    }

    private static string Name(DataKind kind) => kind == DataKind.Simulated ? "simulated" : "chain";

    private static string Describe(DataKind kind) => kind == DataKind.Simulated ? "simulated data" : "data of the real chain";
}
