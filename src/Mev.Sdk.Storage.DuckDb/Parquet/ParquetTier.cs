using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using DuckDB.NET.Data;
using DuckDB.NET.Native;
using Mev.Sdk.Storage.Blobs;
using Mev.Sdk.Storage.Columnar;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tiers;

namespace Mev.Sdk.Storage.DuckDb;

/// <summary>The embedded warm tier: each part is one Parquet file in a blob store, written by <see cref="HistoryTableWriter"/> and read by DuckDB.</summary>
/// <remarks>
/// <para>
/// Thread-safe. A file comes into the store whole or not at all, under a name that no other file ever had; nothing is changed in place. Writing holds a row group in memory and, with a store that is no
/// folder, nothing on disk. What is read back is decoded by another program than the one that wrote it.
/// </para>
/// <para>Files of a <see cref="FolderBlobStore"/> are opened where they are. Of any other store copies are kept in <see cref="ParquetTierOptions.CacheDirectory"/>.</para>
/// </remarks>
public sealed class ParquetTier : ITierTarget, IDisposable
{
    /// <summary>How names of the files end.</summary>
    internal const string Extension = ".parquet";

    private const int RowsAtOnce = 8192;
    private const int PipeBytes = 1 << 20;

    private readonly IBlobStore _blobs;
    private readonly string _prefix;
    private readonly ColumnarOptions _columnar;

    /// <summary>Uses a blob store; nothing is opened yet.</summary>
    /// <param name="blobs">Where the files are, or will be.</param>
    /// <param name="options">Read once; the defaults when null.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names its key.</exception>
    /// <exception cref="IOException">The cache cannot be used.</exception>
    public ParquetTier(IBlobStore blobs, ParquetTierOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(blobs);
        options ??= new ParquetTierOptions();
        var problems = string.Join(' ', options.Validate());
        if (problems.Length > 0)
        {
            throw new ArgumentException(problems, nameof(options));
        }

        var opened = blobs is FolderBlobStore folder ? folder.FullPath : options.CacheDirectory;
        if (opened.AsSpan().IndexOfAny("*?[") >= 0)
        {
            throw new ArgumentException($"'{opened}' has one of the characters * ? [, which DuckDB takes for a pattern: keep the files of the warm tier, and their cache, in a folder without.", nameof(options));
        }

        (_blobs, _prefix) = (blobs, options.Prefix + "/");
        _columnar = new ColumnarOptions { RowGroupRows = options.RowGroupRows, CompressionLevel = options.CompressionLevel };
        Files = new ParquetFiles(blobs, options.CacheDirectory, (long)options.CacheMegabytes << 20);
        Engine = new ParquetEngine(options.MemoryMegabytes, options.Threads, options.CacheDirectory);
    }

    /// <inheritdoc/>
    public string Name => "parquet";

    internal ParquetFiles Files { get; }

    internal ParquetEngine Engine { get; }

    /// <inheritdoc/>
    /// <exception cref="IOException">The store cannot take it.</exception>
    public async ValueTask<long> WriteAsync(HistoryTable table, TierPartition partition, string name, IAsyncEnumerable<RowBuffer> rows, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(rows);
        var blob = BlobOf(name);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: PipeBytes, resumeWriterThreshold: PipeBytes / 2, useSynchronizationContext: false));
        var encoding = Task.Run(() => EncodeAsync(table, rows, pipe.Writer, stop.Token), CancellationToken.None);
        try
        {
            var content = pipe.Reader.AsStream();
            await using (content.ConfigureAwait(false))
            {
                return (await _blobs.WriteAsync(blob, content, BlobCondition.IfAbsent, cancellationToken).ConfigureAwait(false)).Length;
            }
        }
        catch when (!encoding.IsFaulted)
        {
            await stop.CancelAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            // What went wrong with the rows says more than that their stream broke off; given up because of the store it says nothing.
            await (stop.IsCancellationRequested ? ((Task)encoding).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing) : encoding.ConfigureAwait(ConfigureAwaitOptions.None));
        }
    }

    /// <inheritdoc/>
    /// <exception cref="BlobNotFoundException">There is no such part.</exception>
    /// <exception cref="IOException">The store cannot be read.</exception>
    public async IAsyncEnumerable<RowBuffer> ReadAsync(HistoryTable table, string name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(table);
        using var file = await Files.OpenAsync(BlobOf(name), cancellationToken).ConfigureAwait(false);
        using var connection = Engine.Connect();
        using var rows = new RowBuffer(table);
        var read = 0L;
        var (fetcher, expected) = await Work(() => Begin(connection, table, file.Path)).ConfigureAwait(false);
        using (fetcher)
        {
            while (await Work(() => fetcher.Fill(rows, RowsAtOnce)).ConfigureAwait(false))
            {
                read += rows.RowCount;
                yield return rows;
            }
        }

        if (read != expected)
        {
            throw new InvalidDataException($"The part '{name}' of {Name} gave {read} rows, and its footer says {expected}: it is damaged.");
        }

        Task<T> Work<T>(Func<T> work) => Task.Run(
            () =>
            {
                try
                {
                    return work();
                }
                catch (Exception e) when (e is DuckDBException or RowFetchException or InvalidDataException)
                {
                    throw e is DuckDBException { ErrorType: DuckDBErrorType.OutOfMemory } or RowFetchException { Error: DuckDBErrorType.OutOfMemory }
                        ? new IOException($"The part '{name}' of {Name} takes more memory than it may: raise Mev:Storage:Parquet:{nameof(ParquetTierOptions.MemoryMegabytes)}. {e.Message}", e)
                        : new InvalidDataException($"The part '{name}' of {Name} cannot be read: it is damaged, or no file of '{table}'. {e.Message}", e);
                }
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The store cannot be asked.</exception>
    public async IAsyncEnumerable<string> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var blob in _blobs.ListAsync(_prefix, cancellationToken).ConfigureAwait(false))
        {
            if (blob.Name.EndsWith(Extension, StringComparison.Ordinal))
            {
                yield return blob.Name[_prefix.Length..^Extension.Length];
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The store cannot delete it.</exception>
    public async ValueTask RemoveAsync(string name, CancellationToken cancellationToken)
    {
        var blob = BlobOf(name);
        await _blobs.DeleteAsync(blob, BlobCondition.None, cancellationToken).ConfigureAwait(false);
        Files.Forget(blob);
    }

    /// <summary>Closes what was opened. Questions and moves that go on fail.</summary>
    public void Dispose()
    {
        Engine.Dispose();
        Files.Dispose();
    }

    /// <summary>The blob of a part.</summary>
    /// <exception cref="ArgumentException">It is no name.</exception>
    internal string BlobOf(string name)
    {
        var blob = _prefix + name + Extension;
        BlobName.ThrowIfInvalid(blob, nameof(name));
        return blob;
    }

    private static (RowFetcher Rows, long Expected) Begin(DuckDBConnection connection, HistoryTable table, string path)
    {
        long expected;
        using (var command = connection.CreateCommand())
        {
#pragma warning disable CA2100 // A path of this machine, quoted.
            command.CommandText = $"SELECT num_rows::BIGINT FROM parquet_file_metadata({ParquetEngine.Quote(path)})";
#pragma warning restore CA2100
            expected = (long)command.ExecuteScalar()!;
        }

        return (RowFetcher.Open(connection, $"SELECT {TableSql.PlainNames(table)} FROM {ParquetEngine.Source([path])}", table), expected);
    }

    private async Task EncodeAsync(HistoryTable table, IAsyncEnumerable<RowBuffer> rows, PipeWriter output, CancellationToken cancellationToken)
    {
        try
        {
            var stream = output.AsStream(leaveOpen: true);
            await using (stream.ConfigureAwait(false))
            {
                using var writer = new HistoryTableWriter(stream, table, _columnar);
                await foreach (var some in rows.WithCancellation(cancellationToken).ConfigureAwait(false))
                {
                    await writer.AddAsync(some, cancellationToken).ConfigureAwait(false);
                }

                await writer.CompleteAsync(cancellationToken).ConfigureAwait(false);
            }

            await output.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            await output.CompleteAsync(e).ConfigureAwait(false);
            throw;
        }
    }
}
