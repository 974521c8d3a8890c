using Mev.Sdk.Storage.Archive.Coding;

namespace Mev.Sdk.Storage.Archive;

/// <summary>Makes blocks that are known to come back: each is decoded again and compared before it counts.</summary>
/// <remarks>Not thread-safe. A frame that does not come back from its columns, which no known frame does, is coded as bytes instead, and the block once more.</remarks>
internal sealed class BlockBuilder
{
    private const int MostRefusals = 4;

    private readonly BlockCodec _encoder;
    private readonly BlockCodec _decoder;
    private readonly ByteArena _bytes = new();
    private readonly Rows<Entry> _entries = new();
    private readonly ByteArena _block = new();
    private readonly HashSet<int> _opaque = [];
    private int _opaqueFrom;

    /// <summary>Creates a builder.</summary>
    /// <param name="dictionary">Keys that every block knows behind the well-known ones; see <see cref="BlockCodec"/>.</param>
    public BlockBuilder(ReadOnlySpan<Pubkey> dictionary = default)
    {
        _encoder = new BlockCodec(encodes: true, dictionary);
        _decoder = new BlockCodec(encodes: false, dictionary);
    }

    /// <summary>Frames added.</summary>
    public int Count => _entries.Count;

    /// <summary>Bytes of the frames added.</summary>
    public int RawLength => _bytes.Length;

    /// <summary>Frames of the block built last that were coded as bytes because their columns did not give them back.</summary>
    public int RefusedByVerification => _opaque.Count;

    /// <summary>XXH3 of what the block built last holds; see <see cref="BlockCodec.Digest"/>.</summary>
    public ulong Digest => _decoder.Digest;

    /// <summary>Adds a frame to the next block.</summary>
    /// <inheritdoc cref="BlockCodec.Add"/>
    public void Add(ulong lsn, uint source, ulong session, ReadOnlySpan<byte> frame, ReadOnlySpan<byte> residual)
    {
        ref var entry = ref _entries.Add();
        (entry.Lsn, entry.Source, entry.Session) = (lsn, source, session);
        (entry.FrameAt, entry.FrameLength) = (_bytes.Add(frame), frame.Length);
        (entry.ResidualAt, entry.ResidualLength) = (_bytes.Add(residual), residual.Length);
    }

    /// <summary>Makes a block of what was added, and starts the next one.</summary>
    /// <param name="root">What the block's root taught; null = nothing, and the block may be a root itself.</param>
    /// <returns>The block; valid until the next is built.</returns>
    /// <exception cref="InvalidOperationException">Frames do not come back even as bytes: the memory or the processor is broken, or this code is.</exception>
    public ReadOnlySpan<byte> Build(BlockSnapshot? root = null)
    {
        _opaque.Clear();
        _opaqueFrom = int.MaxValue;
        for (var before = -1; ;)
        {
            var refused = Encode(root);
            refused = refused < 0 ? FindRefused(root) : refused;
            if (refused < 0)
            {
                _bytes.Clear();
                _entries.Clear();
                return _block.Written;
            }

            if (refused <= before)
            {
                throw new InvalidOperationException($"Frame {refused} of an archive block (LSN {_entries[refused].Lsn}) does not come back from what was written. Nothing was archived.");
            }

            // Every refusal costs a whole block: after a few the rest goes as bytes.
            before = refused;
            _opaque.Add(refused);
            _opaqueFrom = _opaque.Count < MostRefusals ? int.MaxValue : refused;
        }
    }

    /// <summary>Saves what the block built last taught, for the leaves below it.</summary>
    /// <exception cref="InvalidOperationException">That block started from a snapshot itself.</exception>
    public void Save(BlockSnapshot snapshot) => _decoder.SaveTo(snapshot);

    // Returns the first frame that cannot be coded by columns, or -1.
    private int Encode(BlockSnapshot? root)
    {
        var at = 0;
        try
        {
            _block.Clear();
            _encoder.BeginEncoding(root);
            for (; at < _entries.Count; at++)
            {
                ref readonly var entry = ref _entries[at];
                var isOpaque = at >= _opaqueFrom || _opaque.Contains(at);
                _encoder.Add(entry.Lsn, entry.Source, entry.Session, _bytes[entry.FrameAt, entry.FrameLength], _bytes[entry.ResidualAt, entry.ResidualLength], isOpaque);
            }

            _encoder.Finish(_block);
            return -1;
        }
        catch (Exception refused) when (refused is InvalidDataException or IndexOutOfRangeException or ArgumentException)
        {
            return at;
        }
    }

    // The first frame that does not come back, or -1. What follows it cannot be judged: the contexts went apart.
    private int FindRefused(BlockSnapshot? root)
    {
        var at = 0;
        try
        {
            _decoder.BeginDecoding(_block.Written, root);
            for (; at < _entries.Count; at++)
            {
                ref readonly var entry = ref _entries[at];
                if (!_decoder.Next()
                    || (_decoder.Lsn, _decoder.Source, _decoder.Session) != (entry.Lsn, entry.Source, entry.Session)
                    || !_decoder.Frame.SequenceEqual(_bytes[entry.FrameAt, entry.FrameLength])
                    || !_decoder.Residual.SequenceEqual(_bytes[entry.ResidualAt, entry.ResidualLength]))
                {
                    return at;
                }
            }
        }
        catch (InvalidDataException)
        {
            return at;
        }

        return -1;
    }

    private struct Entry
    {
        public ulong Lsn;
        public ulong Session;
        public uint Source;
        public int FrameAt;
        public int FrameLength;
        public int ResidualAt;
        public int ResidualLength;
    }
}
