using System.Text.Json;
using Mev.Sdk.Ingest.Solana.Blocks;
using Mev.Sdk.Records;

namespace Mev.Sdk.Benchmarks.Peers;

/// <summary>A getBlock answer to frames, and a bare walk over the tokens of the same bytes.</summary>
internal sealed class BlockJsonWork : IDisposable
{
    private readonly byte[] _json;
    private readonly BlockDecoder _decoder = new();
    private readonly DecodedBlock _block = new();

    public BlockJsonWork(byte[] json)
    {
        _json = json;
        Ours();
        Transactions = _block.Transactions.Count;
        FrameBytes = _block.Length;
    }

    public int Bytes => _json.Length;

    public int Transactions { get; }

    public int FrameBytes { get; }

    /// <summary>Everything: wire bytes, status meta, record with swaps, frame with checksum.</summary>
    public ulong Ours()
    {
        var status = _decoder.Read(_json, 285_000_037, SightingStage.Finalized, _block);
        return status == BlockReadStatus.Ok && _block.Unreadable == 0
            ? (ulong)_block.Length
            : throw new InvalidOperationException($"The block cannot be read: {_block.Problem}");
    }

    /// <summary>Nothing but the tokens.</summary>
    public ulong Walk()
    {
        var reader = new Utf8JsonReader(_json);
        var tokens = 0ul;
        while (reader.Read())
        {
            tokens++;
        }

        return tokens;
    }

    public void Dispose() => _block.Dispose();
}
