using System.Buffers;
using System.Globalization;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Solana.Blocks;
using Mev.Sdk.Ingest.Solana.Chain;
using Mev.Sdk.Ingest.Solana.Diagnostics;
using Mev.Sdk.Ingest.Solana.Internal;
using Mev.Sdk.Records;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mev.Sdk.Ingest.Solana.Files;

/// <summary>Reads block files of a folder (<c>getBlock</c> results) in the order of their slots, each block once, also over restarts.</summary>
/// <remarks>
/// A file that cannot be read is in the gap ledger with its slot, and told; the others follow. <see cref="RunAsync"/> runs once at a time.
/// </remarks>
public sealed class BlockFileSource : IRecordSource
{
    internal const string Kind = "block-files";

    private readonly string _folder;
    private readonly string _pattern;
    private readonly SightingStage _stage;
    private readonly TimeSpan? _follow;
    private readonly int _maxBytes;
    private readonly Func<IRecordLog?> _log;
    private readonly GapLedger _gaps;
    private readonly SourceWatch _watch;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <summary>Creates a source; it reads when it is run.</summary>
    /// <param name="options">Which files; copied.</param>
    /// <param name="log">Gives the durable log, from which a restart resumes; null or a null result: every file is read.</param>
    /// <param name="gaps">Where unreadable files go; one of its own when null.</param>
    /// <param name="monitor">Where state and counters are shown; one of its own when null.</param>
    /// <param name="timeProvider">Clock and timers; the system's by default.</param>
    /// <param name="logger">Where unreadable files are reported.</param>
    /// <exception cref="ArgumentException">An option is missing or out of range; the message names every one.</exception>
    public BlockFileSource(
        BlockFileSourceOptions options,
        Func<IRecordLog?>? log = null,
        GapLedger? gaps = null,
        IngestMonitor? monitor = null,
        TimeProvider? timeProvider = null,
        ILogger<BlockFileSource>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var errors = new List<string>();
        options.Validate(BlockFileSourceOptions.Section, errors);
        OptionChecks.ThrowIfAny(errors, nameof(options));
        Name = options.Name;
        _folder = options.Folder;
        _pattern = options.Pattern;
        _stage = options.Stage;
        _follow = options.FollowInterval;
        _maxBytes = options.MaxFileBytes;
        _time = timeProvider ?? TimeProvider.System;
        _logger = logger ?? NullLogger<BlockFileSource>.Instance;
        _log = log ?? (static () => null);
        _gaps = gaps ?? new GapLedger(timeProvider: _time);
        _gaps.Register(Name);
        _watch = (monitor ?? new IngestMonitor(_time)).AddSource(Name, _folder);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    public async Task RunAsync(IRecordIntake intake, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(intake);
        try
        {
            var context = new ChainContext(Name, ChainSessions.Of(Kind, ""), _gaps, _watch, _time);
            var book = new SlotBook(ChainDefaults.Window);
            var next = await ChainDefaults.RestoreAsync(context, _log(), book, cancellationToken).ConfigureAwait(false);
            using var stream = new ChainStream(context, intake, next, book);
            _watch.OnSession(context.SessionId, "block files");
            _watch.SetState(SourceState.Connected, "");
            Log.SourceStarted(_logger, Name, _folder, context.SessionId, book.NewestBlock + 1, next);
            var done = new HashSet<string>(StringComparer.Ordinal);
            var resumeAt = book.NewestBlock;
            while (true)
            {
                await ReadFolderAsync(stream, done, resumeAt, cancellationToken).ConfigureAwait(false);
                if (_follow is not { } interval)
                {
                    break;
                }

                await Task.Delay(interval, _time, cancellationToken).ConfigureAwait(false);
            }

            Log.SourceEnded(_logger, Name, book.NewestBlock);
            _watch.SetState(SourceState.Ended, string.Create(CultureInfo.InvariantCulture, $"all {done.Count} files were read."));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _watch.SetState(SourceState.Ended, "the source was stopped.");
        }
        catch (Exception exception)
        {
            _watch.SetState(SourceState.Ended, exception.Message);
            throw;
        }
    }

    private async Task ReadFolderAsync(ChainStream stream, HashSet<string> done, ulong resumeAt, CancellationToken cancellationToken)
    {
        var files = Directory.GetFiles(_folder, _pattern)
            .Where(file => !done.Contains(file))
            .Select(static file => (File: file, Slot: BlockFileName.SlotIn(file)))
            .OrderBy(static file => file.Slot ?? ulong.MaxValue)
            .ThenBy(static file => file.File, StringComparer.Ordinal)
            .ToArray();
        var decoder = new BlockDecoder();
        using var block = new DecodedBlock();
        foreach (var (file, slot) in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            done.Add(file);
            // Files are read in the order of slots, so what is not above the newest durable block was read before.
            if (slot is null || slot > resumeAt)
            {
                await ReadFileAsync(stream, file, slot, decoder, block, resumeAt, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task ReadFileAsync(ChainStream stream, string file, ulong? slot, BlockDecoder decoder, DecodedBlock block, ulong resumeAt, CancellationToken cancellationToken)
    {
        if (Read(file, slot, decoder, block) is { } problem)
        {
            var name = Path.GetFileName(file);
            ChainMetrics.Unreadable.Add(1, stream.Context.Tag);
            Log.FileUnreadable(_logger, Name, name, problem);
            stream.Missing(slot ?? 0, slot ?? 0, GapState.Final, GapCause.Unspecified, $"{name} cannot be read: {problem}");
            return;
        }

        if (block.Block.Slot > resumeAt || stream.Book.Find(block.Block.Slot) is not { HasBlock: true })
        {
            await stream.DeliverAsync(block, filter: null, cancellationToken).ConfigureAwait(false);
        }
    }

    private string? Read(string file, ulong? slot, BlockDecoder decoder, DecodedBlock block)
    {
        byte[]? rented = null;
        try
        {
            using var stream = File.OpenRead(file);
            if (stream.Length > _maxBytes)
            {
                return string.Create(CultureInfo.InvariantCulture, $"it has {stream.Length} bytes, more than MaxFileBytes ({_maxBytes})");
            }

            var length = (int)stream.Length;
            rented = ArrayPool<byte>.Shared.Rent(length);
            stream.ReadExactly(rented.AsSpan(0, length));
            var json = (ReadOnlySpan<byte>)rented.AsSpan(0, length);
            var status = decoder.Read(json, slot, _stage, block);
            if (status == BlockReadStatus.Ok && slot is { } named && named <= block.Block.ParentSlot)
            {
                // The number in the name is not the block's slot: it is not above its parent.
                status = decoder.Read(json, slot: null, _stage, block);
            }

            return status == BlockReadStatus.Ok ? null : status == BlockReadStatus.RpcError ? string.Create(CultureInfo.InvariantCulture, $"JSON-RPC error {block.ErrorCode}: {block.Problem}") : block.Problem;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }
}
