using System.Globalization;

namespace Mev.Sdk.Ingest.Transports.Captures;

/// <summary>Writes what an engine sends on one connection, byte for byte, into a file that <c>file:///PATH</c> reads again.</summary>
/// <remarks>
/// One writer takes one connection, from the engine's hello on. Not thread-safe. Bytes go to the operating system with each call; they are
/// not synced, a journal is what keeps records safe. They are written as they came, never encrypted, so on Unix the file is for its user alone (0600), and so is
/// a folder that the host makes for captures (0700).
/// </remarks>
public sealed class CaptureWriter : IDisposable
{
    private readonly FileStream _file;

    /// <summary>Creates the file.</summary>
    /// <param name="path">Where; the folder must exist, the file must not.</param>
    /// <exception cref="IOException">The file exists, or the folder does not or is closed to this user.</exception>
    public CaptureWriter(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        try
        {
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0,
            };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            _file = new FileStream(path, options);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The capture {path} cannot be written: {ConnectionErrors.Sentence(exception)} Choose a folder that this user may write.", exception);
        }

        Path = path;
    }

    /// <summary>The file written to.</summary>
    public string Path { get; }

    /// <summary>Appends bytes as they came, whole frames or not.</summary>
    /// <param name="bytes">What the engine sent.</param>
    /// <exception cref="IOException">The disk is full or gone.</exception>
    public void Write(ReadOnlySpan<byte> bytes) => _file.Write(bytes);

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    /// <summary>A file for a connection that begins now: the source's name, the time in UTC, and a number where that is taken.</summary>
    internal static CaptureWriter CreateIn(string folder, string source, DateTimeOffset now)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var name = string.Concat(source.Select(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '_'));
        var stem = System.IO.Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{name}-{now.UtcDateTime:yyyyMMdd'T'HHmmss'.'fff}"));
        for (var i = 0; ; i++)
        {
            var path = i == 0 ? $"{stem}.frames" : string.Create(CultureInfo.InvariantCulture, $"{stem}-{i}.frames");
            if (!File.Exists(path))
            {
                return new CaptureWriter(path);
            }
        }
    }
}
