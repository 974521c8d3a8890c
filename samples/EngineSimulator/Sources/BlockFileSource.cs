using System.Buffers;
using System.Runtime.InteropServices;
using Mev.Sdk.Ingest.Solana.Files;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace EngineSimulator.Sources;

/// <summary>Blocks from files, once or for ever.</summary>
internal sealed class BlockFileSource : ISlotSource
{
    /// <summary>Decoded frames kept for the next pass; files beyond are read again each time.</summary>
    private const long CacheBytes = 256 << 20;

    private readonly string[] _paths;
    private readonly byte[]?[] _decoded;
    private readonly bool _loop;
    private readonly ulong _seed;
    private long _cached;
    private int _next;
    private ulong _pass;
    private ulong _firstSlot = ulong.MaxValue;
    private ulong _lastSlot;
    private ulong _shift;

    public BlockFileSource(string path, bool loop, ulong seed)
    {
        _paths = Find(path);
        _decoded = new byte[]?[_paths.Length];
        _loop = loop;
        _seed = seed;
        Description = _paths.Length == 1 ? $"block file {_paths[0]}" : $"{_paths.Length} block files of {path}";

        // A mistake should show when the engine starts, not when its first subscriber comes.
        Decode(0);
    }

    // Fresh signatures and slots make them other transactions than the chain's.
    public bool IsSimulated => _loop;

    public string Description { get; }

    public int MeanTransactions => 0;

    public bool TryWrite(IBufferWriter<byte> frames)
    {
        if (_next == _paths.Length)
        {
            if (!_loop)
            {
                return false;
            }

            _next = 0;
            _pass++;
            _shift = _pass * (_lastSlot - _firstSlot + 1);
        }

        var decoded = Decode(_next++);
        var span = frames.GetSpan(decoded.Length);
        decoded.CopyTo(span);
        if (_loop)
        {
            new FreshPass(_pass, _seed, _shift).Rewrite(span[..decoded.Length]);
        }

        frames.Advance(decoded.Length);
        return true;
    }

    public void Dispose()
    {
    }

    private static string[] Find(string path)
    {
        if (File.Exists(path))
        {
            return [path];
        }

        if (!Directory.Exists(path))
        {
            throw new SimulatorEngineException($"There is no file or folder '{path}'. Give a file with a getBlock result in JSON, or a folder of such files.");
        }

        var files = Directory.GetFiles(path, "*.json");
        Array.Sort(files, StringComparer.Ordinal);
        return files.Length > 0
            ? files
            : throw new SimulatorEngineException($"The folder '{path}' holds no *.json file. Give a folder of getBlock results, or one such file.");
    }

    private byte[] Decode(int index)
    {
        if (_decoded[index] is { } known)
        {
            return known;
        }

        var path = _paths[index];
        var frames = new ArrayBufferWriter<byte>();
        try
        {
            BlockFile.Load(path).WriteFrames(frames);
        }
        catch (Exception exception) when (exception is IOException or FormatException or UnauthorizedAccessException)
        {
            throw new SimulatorEngineException($"The block file '{path}' cannot be replayed: {exception.Message}", exception);
        }

        var bytes = frames.WrittenSpan.ToArray();
        var slot = MemoryMarshal.Read<BlockRecord>(bytes.AsSpan(FrameHeader.Size)).Slot;
        _firstSlot = Math.Min(_firstSlot, slot);
        _lastSlot = Math.Max(_lastSlot, slot);
        if (_loop && _cached + bytes.Length <= CacheBytes)
        {
            _cached += bytes.Length;
            _decoded[index] = bytes;
        }

        return bytes;
    }
}
