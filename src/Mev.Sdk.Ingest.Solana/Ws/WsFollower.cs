using System.Text;
using System.Text.Json;
using Mev.Sdk.Ingest.Solana.Blocks;
using Mev.Sdk.Ingest.Solana.Chain;
using Mev.Sdk.Ingest.Solana.Diagnostics;
using Mev.Sdk.Ingest.Solana.Internal;
using Mev.Sdk.Records;
using Mev.Sdk.Solana.Meta;
using Microsoft.Extensions.Logging;

namespace Mev.Sdk.Ingest.Solana.Ws;

/// <summary>One connection: subscribes, takes notifications, notices slots that no block came for. Knows the socket by its messages only.</summary>
internal sealed class WsFollower(ChainStream stream, GapFiller filler, SolanaWebSocketSourceOptions options, ILogger logger) : IDisposable
{
    /// <summary>Slots that may be told before the block of one comes.</summary>
    private const ulong Patience = 64;

    private readonly BlockDecoder _decoder = new();
    private readonly DecodedBlock _block = new();

    /// <summary>Asks for what is wanted.</summary>
    public async Task SubscribeAsync(Func<string, Task> send)
    {
        await send("""{"jsonrpc":"2.0","id":1,"method":"slotSubscribe"}""").ConfigureAwait(false);
        await send("""{"jsonrpc":"2.0","id":2,"method":"rootSubscribe"}""").ConfigureAwait(false);
        if (options.Blocks)
        {
            await send($$"""{"jsonrpc":"2.0","id":3,"method":"blockSubscribe","params":["all",{"commitment":"{{Commitments.NameOf(options.Commitment)}}","encoding":"base64","transactionDetails":"full","maxSupportedTransactionVersion":1,"showRewards":true}]}""").ConfigureAwait(false);
        }

        if (options.LogsMention.Length > 0)
        {
            await send($$"""{"jsonrpc":"2.0","id":4,"method":"logsSubscribe","params":[{"mentions":["{{options.LogsMention}}"]},{"commitment":"processed"}]}""").ConfigureAwait(false);
        }
    }

    /// <summary>Takes one whole message.</summary>
    /// <returns>Why the connection is of no use, or null.</returns>
    public async Task<string?> TakeAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        var head = Head(message.Span);
        if (head == "blockNotification")
        {
            return await TakeBlockAsync(message, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            using var document = JsonDocument.Parse(message);
            var root = document.RootElement;
            if (head is null)
            {
                return Answer(root);
            }

            var value = root.GetProperty("params"u8).GetProperty("result"u8);
            switch (head)
            {
                case "slotNotification":
                    await TakeSlotAsync(value.GetProperty("slot"u8).GetUInt64(), value.GetProperty("parent"u8).GetUInt64(), cancellationToken).ConfigureAwait(false);
                    break;
                case "rootNotification":
                    await StageAsync(value.GetUInt64(), 0, SightingStage.Finalized, cancellationToken).ConfigureAwait(false);
                    break;
                case "logsNotification":
                    await TakeLogsAsync(value, cancellationToken).ConfigureAwait(false);
                    break;
            }

            return null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            ChainMetrics.Unreadable.Add(1, stream.Context.Tag);
            Log.MessageUnreadable(logger, stream.Context.Name, exception is JsonException ? "it is no JSON." : "it is no notification of a slot, a root or logs as nodes send them.");
            return "a message is no notification that can be read.";
        }
    }

    public void Dispose() => _block.Dispose();

    // The method stands near the front; finding it there saves a walk over megabytes.
    private static string? Head(ReadOnlySpan<byte> message)
    {
        var front = message[..Math.Min(message.Length, 160)];
        return front.IndexOf("\"blockNotification\""u8) >= 0 ? "blockNotification"
            : front.IndexOf("\"slotNotification\""u8) >= 0 ? "slotNotification"
            : front.IndexOf("\"rootNotification\""u8) >= 0 ? "rootNotification"
            : front.IndexOf("\"logsNotification\""u8) >= 0 ? "logsNotification"
            : null;
    }

    private static string? Answer(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("id"u8, out var id) || id.ValueKind != JsonValueKind.Number || !id.TryGetInt64(out var request))
        {
            return null;
        }

        if (!root.TryGetProperty("error"u8, out var error))
        {
            return null;
        }

        var text = error.ValueKind == JsonValueKind.Object && error.TryGetProperty("message"u8, out var words) && words.ValueKind == JsonValueKind.String ? words.GetString() : "no message";
        if (request == 3)
        {
            return $"the node refuses blockSubscribe ({text}); set Blocks to false and Fill:Endpoint to the node's JSON-RPC, which brings the same blocks.";
        }

        return $"the node refuses a subscription: {text}";
    }

    private async Task TakeSlotAsync(ulong slot, ulong parent, CancellationToken cancellationToken)
    {
        await StageAsync(slot, parent, SightingStage.Processed, cancellationToken).ConfigureAwait(false);
        if (options.Blocks)
        {
            await FindMissingAsync(slot, cancellationToken).ConfigureAwait(false);
        }
    }

    // A slot long past of which a block is due: its child's parent says so, see TakeBlockAsync; here nothing at all came any more.
    private async Task FindMissingAsync(ulong tip, CancellationToken cancellationToken)
    {
        var newest = stream.Book.NewestBlock;
        if (newest == 0 || tip <= newest + (2 * Patience) || stream.Book.Find(tip - Patience) is { IsAccountedFor: true })
        {
            return;
        }

        await MissingAsync(newest + 1, tip - Patience, GapCause.Unanswered, "slots are told, but their blocks do not come.", cancellationToken).ConfigureAwait(false);
    }

    private async Task<string?> TakeBlockAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        if (!WsBlock.TryFind(message.Span, out var slot, out var range, out var problem))
        {
            ChainMetrics.Unreadable.Add(1, stream.Context.Tag);
            if (slot == 0)
            {
                return $"a block's notification cannot be read: {problem}";
            }

            await MissingAsync(slot, slot, GapCause.Skipped, $"the node sent no block: {problem}", cancellationToken).ConfigureAwait(false);
            return null;
        }

        var status = _decoder.Read(message.Span[range], slot, Commitments.StageOf(options.Commitment), _block);
        if (status != BlockReadStatus.Ok)
        {
            ChainMetrics.Unreadable.Add(1, stream.Context.Tag);
            await MissingAsync(slot, slot, GapCause.Unspecified, $"the block cannot be read: {_block.Problem}", cancellationToken).ConfigureAwait(false);
            return null;
        }

        var parent = _block.Block.ParentSlot;
        if (parent >= slot)
        {
            ChainMetrics.Unreadable.Add(1, stream.Context.Tag);
            await MissingAsync(slot, slot, GapCause.Unspecified, "the block cannot be right: its parent's slot is not below its own.", cancellationToken).ConfigureAwait(false);
            return null;
        }

        await stream.EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
            var book = stream.Book;
            if (book.NewestBlock != 0 && book.Find(parent) is not { IsAccountedFor: true })
            {
                var before = book.Slots.Where(state => state.Slot < parent && state.IsAccountedFor).Select(static state => state.Slot).LastOrDefault();
                if (before != 0)
                {
                    filler.Add(before + 1, parent, GapCause.Skipped, "the stream jumped over them: a block names one of them as its parent.");
                }
            }

            await stream.DeliverAsync(_block, filter: null, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            stream.Exit();
        }

        return null;
    }

    private async Task MissingAsync(ulong first, ulong last, GapCause cause, string reason, CancellationToken cancellationToken)
    {
        await stream.EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
            filler.Add(first, last, cause, reason);
        }
        finally
        {
            stream.Exit();
        }
    }

    private async Task StageAsync(ulong slot, ulong parent, SightingStage stage, CancellationToken cancellationToken)
    {
        await stream.EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            stream.AppendStage(slot, parent, stage, 0);
            await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            stream.Exit();
        }
    }

    // An error of a shape that is not known is still a failure.
    private static TransactionError ErrorOf(JsonElement error)
    {
        try
        {
            return ErrorJson.Read(JsonNode.Root(error));
        }
        catch (JsonShapeException)
        {
            return new TransactionError(TransactionErrorCode.Other);
        }
    }

    // A sighting before the block: only signature, slot, whether it failed and its log are known, so wire and meta but for the log are empty.
    private async Task TakeLogsAsync(JsonElement result, CancellationToken cancellationToken)
    {
        var slot = result.GetProperty("context"u8).GetProperty("slot"u8).GetUInt64();
        var value = result.GetProperty("value"u8);
        if (!Signature.TryParse(value.GetProperty("signature"u8).GetString(), null, out var signature))
        {
            throw new FormatException("a log's signature is none.");
        }

        var error = ErrorOf(value.GetProperty("err"u8));
        var record = new TransactionRecord
        {
            Signature = signature,
            Slot = slot,
            Stage = SightingStage.Processed,
            Flags = TransactionFlags.WireMissing | (error.Code != TransactionErrorCode.None ? TransactionFlags.Failed : TransactionFlags.None),
            ErrorCode = error.Code,
            ErrorInstruction = error.InstructionIndex,
            ErrorInstructionCode = error.InstructionCode,
            ErrorCustomCode = error.CustomCode,
        };
        var meta = new ByteBuffer();
        if (error.Code != TransactionErrorCode.None)
        {
            var bincode = new byte[TransactionError.MaxBytes];
            var inner = new ByteBuffer();
            inner.Bytes(MetaTags.ErrorBytes, bincode.AsSpan(0, error.Encode(bincode)));
            meta.Element(MetaTags.Error, inner.Written);
        }

        foreach (var line in value.GetProperty("logs"u8).EnumerateArray())
        {
            meta.Element(MetaTags.LogMessages, Encoding.UTF8.GetBytes(line.GetString() ?? ""));
        }

        await stream.EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Not noted in the book: the whole transaction still comes with its block.
            var length = TransactionView.GetFrameLength(0, 0, meta.Count);
            if (length > ChainStream.MaxFrameBytes)
            {
                ChainMetrics.Unreadable.Add(1, stream.Context.Tag);
                await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
                stream.Missing(slot, slot, GapState.Final, GapCause.Dropped, $"a transaction's log cannot be kept: {ChainStream.TooLong(length)}", records: 1);
                return;
            }

            TransactionView.Write(stream.Reserve(length), 0, in record, [], [], meta.Written);
            Wire.FrameWriter.Stamp(stream.Reserve(length), stream.Next, 0);
            stream.Commit(length, 0);
            await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            stream.Exit();
        }
    }
}
