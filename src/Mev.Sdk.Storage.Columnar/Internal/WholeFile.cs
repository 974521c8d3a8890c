using Mev.Sdk.Storage.Journal;

namespace Mev.Sdk.Storage.Columnar.Internal;

/// <summary>Makes a file whole or not at all: written under a temporary name, synced, renamed.</summary>
internal static class WholeFile
{
    private const int BufferBytes = 1 << 16;

    /// <summary>Makes a file.</summary>
    /// <param name="path">Where it will be.</param>
    /// <param name="overwrite">Whether it may replace one that is there.</param>
    /// <param name="write">Writes its content.</param>
    /// <exception cref="IOException">It is there already, or cannot be written; nothing is left behind.</exception>
    public static async ValueTask<T> WriteAsync<T>(string path, bool overwrite, Func<Stream, ValueTask<T>> write)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        path = Path.GetFullPath(path);
        if (!overwrite && File.Exists(path))
        {
            throw Exists(path);
        }

        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            T result;
            var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferBytes, FileOptions.Asynchronous);
            await using (file.ConfigureAwait(false))
            {
                result = await write(file).ConfigureAwait(false);
                file.Flush(flushToDisk: true);
            }

            Rename(temporary, path, overwrite);
            DirectorySync.Flush(Path.GetDirectoryName(path)!);
            return result;
        }
        catch
        {
            // Whatever went wrong, cancellation included: what was written so far is of no use to anybody.
            File.Delete(temporary);
            throw;
        }
    }

    private static void Rename(string temporary, string path, bool overwrite)
    {
        try
        {
            File.Move(temporary, path, overwrite);
        }
        catch (IOException) when (!overwrite && File.Exists(path))
        {
            throw Exists(path);
        }
    }

    private static IOException Exists(string path) =>
        new($"'{path}' is there already. Choose another name, or set {nameof(ColumnarOptions)}.{nameof(ColumnarOptions.Overwrite)} (Mev:Storage:Columnar:Overwrite).");
}
