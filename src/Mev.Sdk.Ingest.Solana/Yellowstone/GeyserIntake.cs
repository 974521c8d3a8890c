using System.Globalization;
using System.Runtime.InteropServices;
using Mev.Sdk.Ingest.Solana.Blocks;
using Mev.Sdk.Ingest.Solana.Chain;
using Mev.Sdk.Ingest.Solana.Diagnostics;
using Mev.Sdk.Records;
using Mev.Sdk.Solana.Transactions;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Solana.Yellowstone;

/// <summary>Turns updates into records, each once, and finds what is missing. Knows no network.</summary>
/// <remarks>Used by whoever holds the stream's turn. docs/chain-sources.md, "Yellowstone", has the rules.</remarks>
internal sealed class GeyserIntake(ChainStream stream, TransactionWish wish, SightingStage stage)
{
    /// <summary>Blocks that may come before the last transactions of one are counted.</summary>
    private const ulong Patience = 16;

    private readonly GeyserTransaction _transaction = new();
    private readonly TransactionDecoder _decoder = new();
    private readonly List<SwapEntry> _swaps = [];
    private readonly SortedDictionary<ulong, (BlockRecord Block, ulong Executed)> _incomplete = [];
    private readonly List<SlotHole> _holes = [];
    private ulong _witness;
    private ulong _floor;
    private ulong _suspect;
    private bool _began;
    private bool _skipReplay;

    /// <summary>What was found missing since it was last cleared; to be written down by the caller.</summary>
    public List<SlotHole> Holes => _holes;

    /// <summary>Whether the last update was a ping that wants an answer.</summary>
    public bool IsPing { get; private set; }

    /// <summary>Slots below are not asked for again.</summary>
    public void GiveUpBelow(ulong slot) => _floor = Math.Max(_floor, slot);

    /// <summary>The lowest slot of which something is still to come; 0 = nothing was seen yet.</summary>
    public ulong ResumeSlot
    {
        get
        {
            var resume = stream.Book.ResumeSlot;
            foreach (var slot in _incomplete.Keys)
            {
                resume = Math.Min(resume, slot);
                break;
            }

            return Math.Max(resume, _floor);
        }
    }

    /// <summary>A connection begins.</summary>
    /// <returns>The slot to ask a replay from: one below what is wanted, whose block is known, so that its coming again proves that the replay happened. Null = no replay.</returns>
    public ulong? Begin()
    {
        _incomplete.Clear();
        _began = false;
        _suspect = 0;
        var resume = ResumeSlot;
        _witness = 0;
        foreach (var state in stream.Book.Slots)
        {
            if (state.HasBlock && state.Slot < resume)
            {
                _witness = state.Slot;
            }
        }

        // Slots that were given up on must not come first: the replay would begin where it cannot.
        var from = _witness >= _floor ? _witness : _floor;
        var skip = _skipReplay;
        _skipReplay = false;
        return skip || (from == 0 && resume == 0) ? null : from != 0 ? from : resume;
    }

    /// <summary>The next connection asks for no replay: the server has none that would do.</summary>
    public void SkipReplay() => _skipReplay = true;

    /// <summary>Takes one update.</summary>
    public void Read(ReadOnlySpan<byte> message)
    {
        IsPing = false;
        if (!GeyserUpdate.TryRead(message, out var update))
        {
            Unreadable("an update is malformed", 0);
            return;
        }

        switch (update.Kind)
        {
            case GeyserFields.Update.Transaction:
                ReadTransaction(in update);
                break;
            case GeyserFields.Update.Account:
                ReadAccount(in update);
                break;
            case GeyserFields.Update.Slot:
                ReadSlot(in update);
                break;
            case GeyserFields.Update.BlockMeta:
                ReadBlock(in update, isMeta: true);
                break;
            case GeyserFields.Update.Block:
                ReadBlock(in update, isMeta: false);
                break;
            case GeyserFields.Update.Ping:
                IsPing = true;
                break;
        }
    }

    private void OnContent(ulong slot)
    {
        if (_began)
        {
            return;
        }

        // A stream may begin in the middle of a slot, and a replay that was asked for may not have happened.
        _began = true;
        _suspect = _witness == 0 || slot > Math.Max(_witness, _floor) ? slot : 0;
    }

    private void ReadTransaction(in GeyserUpdate update)
    {
        ReadOnlySpan<byte> info = default;
        ulong slot = 0;
        var fields = new ProtoFields(update.Body);
        while (fields.Next())
        {
            if (fields.Field == 1)
            {
                info = fields.Bytes;
            }
            else if (fields.Field == 2)
            {
                slot = fields.Number;
            }
        }

        if (fields.IsMalformed || slot == 0)
        {
            Unreadable("a transaction's update is malformed", slot);
            return;
        }

        OnContent(slot);
        Append(info, slot, blockTime: 0, update.CreatedNanoseconds);
        if (_incomplete.TryGetValue(slot, out var waiting) && (ulong)stream.Book.Get(slot)!.Transactions >= waiting.Executed)
        {
            _incomplete.Remove(slot);
            Close(in waiting.Block, update.CreatedNanoseconds);
        }
    }

    private void Append(ReadOnlySpan<byte> info, ulong slot, long blockTime, ulong time)
    {
        ReadOnlySpan<byte> signature = default, transaction = default, meta = default;
        ulong index = 0;
        var fields = new ProtoFields(info);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    signature = fields.Bytes;
                    break;
                case 3:
                    transaction = fields.Bytes;
                    break;
                case 4:
                    meta = fields.Bytes;
                    break;
                case 5:
                    index = fields.Number;
                    break;
            }
        }

        if (fields.IsMalformed || signature.Length != Signature.Size)
        {
            Unreadable("a transaction has no signature of 64 bytes", slot);
            return;
        }

        if (!stream.Book.AddTransaction(slot, SignatureKey.Of(signature)))
        {
            stream.OnDuplicate();
            return;
        }

        if (!_transaction.TryWrite(transaction, out var problem))
        {
            Unreadable(problem!, slot);
            return;
        }

        var wire = _transaction.Wire;
        var context = new SightingContext(slot, blockTime, (uint)index, stage);
        if (!_decoder.TryDecode(wire, meta, in context, out var record, _swaps, out problem))
        {
            Unreadable(problem!, slot);
            return;
        }

        if (!wish.IsAll && !wish.Wants(in record, wire, meta))
        {
            return;
        }

        var length = TransactionView.GetFrameLength(_swaps.Count, wire.Length, meta.Length);
        if (length > ChainStream.MaxFrameBytes)
        {
            Unreadable(ChainStream.TooLong(length), slot);
            return;
        }

        var writer = FrameWriter.Begin(stream.Reserve(length), in record);
        writer.Group<SwapEntry>(CollectionsMarshal.AsSpan(_swaps));
        writer.Data(wire);
        writer.Data(meta);
        writer.Complete(stream.Next, time);
        stream.Commit(length, time);
    }

    private void ReadAccount(in GeyserUpdate update)
    {
        ReadOnlySpan<byte> info = default;
        var record = new AccountRecord { Stage = stage };
        var fields = new ProtoFields(update.Body);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    info = fields.Bytes;
                    break;
                case 2:
                    record.Slot = fields.Number;
                    break;
                case 3 when fields.Number != 0:
                    record.Flags |= AccountFlags.Startup;
                    break;
            }
        }

        ReadOnlySpan<byte> data = default;
        var isWhole = !fields.IsMalformed && record.Slot != 0;
        fields = new ProtoFields(info);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1 when fields.Bytes.Length == Pubkey.Size:
                    record.Address = new Pubkey(fields.Bytes);
                    break;
                case 2:
                    record.Lamports = fields.Number;
                    break;
                case 3 when fields.Bytes.Length == Pubkey.Size:
                    record.Owner = new Pubkey(fields.Bytes);
                    break;
                case 4 when fields.Number != 0:
                    record.Flags |= AccountFlags.Executable;
                    break;
                case 5:
                    record.RentEpoch = fields.Number;
                    break;
                case 6:
                    data = fields.Bytes;
                    break;
                case 7:
                    record.WriteVersion = fields.Number;
                    break;
                case 8 when fields.Bytes.Length == Signature.Size:
                    record.TransactionSignature = new Signature(fields.Bytes);
                    break;
            }
        }

        if (!isWhole || fields.IsMalformed || info.IsEmpty)
        {
            Unreadable("an account's update is malformed", record.Slot);
            return;
        }

        OnContent(record.Slot);
        if (!stream.Book.AddAccount(record.Slot, AccountKey.Of(in record.Address, record.WriteVersion)))
        {
            stream.OnDuplicate();
            return;
        }

        var length = AccountView.GetFrameLength(data.Length);
        if (length > ChainStream.MaxFrameBytes)
        {
            Unreadable(ChainStream.TooLong(length), record.Slot);
            return;
        }

        var writer = FrameWriter.Begin(stream.Reserve(length), in record);
        writer.Data(data);
        writer.Complete(stream.Next, update.CreatedNanoseconds);
        stream.Commit(length, update.CreatedNanoseconds);
    }

    private void ReadSlot(in GeyserUpdate update)
    {
        ulong slot = 0, parent = 0, status = 0;
        var fields = new ProtoFields(update.Body);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    slot = fields.Number;
                    break;
                case 2:
                    parent = fields.Number;
                    break;
                case 3:
                    status = fields.Number;
                    break;
            }
        }

        if (fields.IsMalformed || slot == 0)
        {
            Unreadable("a slot's update is malformed", slot);
            return;
        }

        // The other statuses tell how far a node is with receiving a slot, which is no stage of its transactions.
        SightingStage? reached = status switch
        {
            GeyserFields.Status.Processed => SightingStage.Processed,
            GeyserFields.Status.Confirmed => SightingStage.Confirmed,
            GeyserFields.Status.Finalized => SightingStage.Finalized,
            GeyserFields.Status.Dead => SightingStage.Forked,
            _ => null,
        };
        if (reached is { } told)
        {
            stream.AppendStage(slot, parent, told, update.CreatedNanoseconds);
        }
    }

    private void ReadBlock(in GeyserUpdate update, bool isMeta)
    {
        if (!GeyserBlocks.TryRead(update.Body, isMeta, stage, out var block, out var executed))
        {
            Unreadable("a block's update is malformed", block.Slot);
            return;
        }

        OnContent(block.Slot);
        if (stream.Book.Get(block.Slot) is not { } state || state.HasBlock)
        {
            stream.OnDuplicate();
            return;
        }

        FindMissingParent(in block);
        if (!isMeta)
        {
            var fields = new ProtoFields(update.Body);
            while (fields.Next())
            {
                if (fields.Field == GeyserBlocks.Transactions)
                {
                    Append(fields.Bytes, block.Slot, block.BlockTimeSeconds, update.CreatedNanoseconds);
                }
            }
        }

        if (block.Slot == _suspect)
        {
            // Only a replay that fell short makes a hole of a stream's first slot: before it nothing was promised.
            _suspect = 0;
            if (_witness != 0 && !(wish.IsAll && (ulong)state.Transactions >= executed))
            {
                Hole(block.Slot, block.Slot, GapCause.NotRetained, "the replay fell short; the stream may have begun in the middle of this slot.");
            }
        }
        else if (wish.IsAll && (ulong)state.Transactions < executed)
        {
            _incomplete[block.Slot] = (block, executed);
            GiveUpWaiting(block.Slot, update.CreatedNanoseconds);
            return;
        }

        Close(in block, update.CreatedNanoseconds);
        GiveUpWaiting(block.Slot, update.CreatedNanoseconds);
    }

    // A block's record closes its slot.
    private void Close(in BlockRecord block, ulong time)
    {
        var record = block;
        record.TransactionCount = (uint)(stream.Book.Find(block.Slot)?.Transactions ?? 0);
        if (stream.Book.AddBlock(in record))
        {
            stream.Append(in record, time);
            ChainMetrics.Blocks.Add(1, stream.Context.Tag);
        }
    }

    private void FindMissingParent(in BlockRecord block)
    {
        var book = stream.Book;
        var parent = block.ParentSlot;
        if (book.NewestBlock == 0 || parent < _floor || _incomplete.ContainsKey(parent) || book.Find(parent) is { IsAccountedFor: true })
        {
            return;
        }

        ulong before = 0;
        foreach (var state in book.Slots)
        {
            if (state.Slot < parent && (state.IsAccountedFor || _incomplete.ContainsKey(state.Slot)))
            {
                before = state.Slot;
            }
        }

        // A parent below everything that is known is older than the stream.
        if (before != 0)
        {
            Hole(before + 1, parent, _began && _witness != 0 ? GapCause.NotRetained : GapCause.Skipped, "the stream jumped over them: a block names one of them as its parent.");
        }
    }

    private void GiveUpWaiting(ulong newest, ulong time)
    {
        while (_incomplete.Count > 0)
        {
            var (slot, (block, executed)) = _incomplete.First();
            if (slot + Patience > newest)
            {
                return;
            }

            _incomplete.Remove(slot);
            var have = (ulong)(stream.Book.Find(slot)?.Transactions ?? 0);
            Close(in block, time);
            Hole(slot, slot, GapCause.Skipped, string.Create(CultureInfo.InvariantCulture, $"{executed - Math.Min(have, executed)} of the block's {executed} transactions did not come."));
        }
    }

    private void Hole(ulong first, ulong last, GapCause cause, string reason) => _holes.Add(new SlotHole(first, last, cause, reason));

    private void Unreadable(string problem, ulong slot)
    {
        ChainMetrics.Unreadable.Add(1, stream.Context.Tag);
        _holes.Add(new SlotHole(slot, slot, GapCause.Unspecified, $"a message cannot be read: {problem}.", Unreadable: true));
    }
}
