using System.Buffers;
using System.Text;
using Mev.Sdk.Records;
using Mev.Sdk.Solana.Meta;
using Mev.Sdk.Solana.Transactions;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Tests.Archive;

/// <summary>Transactions of every shape, from a seed: what chains produce, and what they never would.</summary>
internal sealed class GeneratedTransactions(int seed)
{
    private static readonly Pubkey[] Programs =
    [
        Pubkey.Parse("11111111111111111111111111111111"),
        Pubkey.Parse("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA"),
        Pubkey.Parse("ComputeBudget111111111111111111111111111111"),
        Pubkey.Parse("675kPX9MHTjS2zt1qfr1NYHuzeLXfQM9H24wFSUt1Mp8"),
        Pubkey.Parse("Vote111111111111111111111111111111111111111"),
    ];

    private readonly Random _random = new(seed);
    private readonly List<Pubkey> _pool = [.. Programs];
    private readonly TransactionBuilder _wire = new();
    private readonly StatusMetaBuilder _meta = new();

    /// <summary>A frame with some of everything.</summary>
    public byte[] Frame(ulong sequence)
    {
        var keys = Keys();
        var wire = Wire(keys, out var loaded);
        var meta = _random.Next(8) == 0 ? [] : Disorder(Meta(keys, loaded));
        var record = new TransactionRecord { Slot = 400 + (sequence / 7), IndexInBlock = (uint)(sequence % 7), Stage = SightingStage.Confirmed, Flags = (TransactionFlags)_random.Next(8) };
        var swaps = new SwapEntry[_random.Next(6) == 0 ? _random.Next(4) : 0];
        foreach (ref var swap in swaps.AsSpan())
        {
            (swap.Pool, swap.AmountIn, swap.OuterInstruction, swap.InnerInstruction) = (keys[_random.Next(keys.Count)], Number(), (ushort)_random.Next(3), (ushort)_random.Next(3));
        }

        if (wire.Length > 0 && WireTransaction.TryParse(wire, out var view) && _random.Next(4) > 0)
        {
            (record.Signature, record.Payer) = (view.Signatures[0], view.StaticKeys[0]);
        }

        var frame = new byte[TransactionView.GetFrameLength(swaps.Length, wire.Length, meta.Length)];
        TransactionView.Write(frame, 0, in record, swaps, wire, meta);
        FrameWriter.Stamp(frame, sequence, _random.Next(2) == 0 ? 0 : 1_700_000_000_000_000_000 + (sequence * 1000));
        return frame;
    }

    private List<Pubkey> Keys()
    {
        var keys = new List<Pubkey>();
        for (var count = _random.Next(1, 24); keys.Count < count;)
        {
            var key = _random.Next(3) > 0 ? _pool[_random.Next(_pool.Count)] : Key();
            if (!keys.Contains(key) || _random.Next(100) == 0)
            {
                keys.Add(key);
                _pool.Add(key);
            }
        }

        return keys;
    }

    private byte[] Wire(List<Pubkey> keys, out int loaded)
    {
        loaded = 0;
        if (_random.Next(40) == 0)
        {
            return Bytes(_random.Next(60)); // no transaction at all
        }

        var format = (MessageFormat)_random.Next(3);
        var signatures = _random.Next(1, Math.Min(keys.Count, 4) + 1);
        _wire.Clear().SetFormat(format).SetRecentBlockhash(_random.Next(2) == 0 ? Programs[0] : Key())
            .SetHeader((byte)signatures, (byte)_random.Next(signatures), (byte)_random.Next(keys.Count - signatures + 1));
        for (var i = 0; i < signatures; i++)
        {
            _wire.AddSignature(new Signature(Bytes(64)));
        }

        keys.ForEach(key => _wire.AddKey(in key));
        if (format == MessageFormat.V1 && _random.Next(2) == 0)
        {
            _wire.SetConfig(new TransactionConfig(_random.Next(2) == 0 ? null : Number(), (uint)_random.Next(1_400_000)));
        }

        for (var i = keys.Count > 1 ? _random.Next(5) : 0; i > 0; i--)
        {
            _wire.AddInstruction((byte)_random.Next(1, keys.Count), Accounts(keys.Count), Data());
        }

        for (var i = format == MessageFormat.V0 ? _random.Next(3) : 0; i > 0; i--)
        {
            var (writable, @readonly) = (Bytes(_random.Next(3)), Bytes(_random.Next(1, 3)));
            _wire.AddLookup(_pool[_random.Next(_pool.Count)], writable, @readonly);
            loaded += writable.Length + @readonly.Length;
            _loadedWritable += writable.Length;
        }

        return _wire.ToArray();
    }

    private int _loadedWritable;

    private byte[] Meta(List<Pubkey> keys, int loaded)
    {
        _meta.Clear().SetFee(_random.Next(3) == 0 ? Number() : 5000);
        if (_random.Next(4) == 0)
        {
            _meta.SetError(_random.Next(2) == 0 ? new TransactionError(TransactionErrorCode.InsufficientFundsForFee) : TransactionError.Instruction((byte)_random.Next(9), InstructionErrorCode.Custom, (uint)_random.Next()));
        }

        var count = keys.Count + loaded;
        for (var i = _random.Next(20) == 0 ? _random.Next(count) : 0; i < count; i++)
        {
            var before = Number();
            _meta.AddBalance(before, _random.Next(3) > 0 ? before : Number());
        }

        for (var i = 0; i < loaded; i++)
        {
            var key = _pool[_random.Next(_pool.Count)];
            _ = i < _loadedWritable ? _meta.AddLoadedWritable(in key) : _meta.AddLoadedReadonly(in key);
        }

        _loadedWritable = 0;
        var outer = 0;
        for (var i = _random.Next(6); i > 0; i--)
        {
            outer += _random.Next(2);
            _meta.AddInnerInstruction(outer, (byte)_random.Next(count), Accounts(count), Data(), (uint)_random.Next(0, 6));
        }

        for (var i = _random.Next(8); i > 0; i--)
        {
            _meta.AddLogMessage(Line(keys));
        }

        for (var i = 0; i < count; i += _random.Next(1, 4))
        {
            var balance = new TokenBalance((byte)i, keys[_random.Next(keys.Count)], keys[_random.Next(keys.Count)], Programs[1], Number(), (byte)_random.Next(12));
            if (_random.Next(3) > 0)
            {
                _meta.AddPreTokenBalance(in balance);
            }

            if (_random.Next(3) > 0)
            {
                _meta.AddPostTokenBalance(balance with { Amount = Number() }, _random.Next(30) == 0 ? "1.5" : null);
            }
        }

        if (_random.Next(5) == 0)
        {
            _meta.SetReturnData(in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(keys)[0], Bytes(_random.Next(40)));
        }

        if (_random.Next(10) > 0)
        {
            _meta.SetComputeUnitsConsumed((ulong)_random.Next(1_400_000));
        }

        return _meta.ToArray();
    }

    // Fields that the codec does not know, fields twice, and fields out of order.
    private byte[] Disorder(byte[] meta) => _random.Next(12) switch
    {
        0 => [.. meta, 0x88, 0x01, 0x2A], // cost units
        1 => [.. meta, 0xF8, 0x07, 0x01], // field 127
        2 => [0x50, 0x01, .. meta],
        3 => [.. meta, 0x10, 0x07],
        _ => meta,
    };

    private string Line(List<Pubkey> keys)
    {
        var key = keys[_random.Next(keys.Count)];
        return _random.Next(10) switch
        {
            0 => $"Program {key} invoke [{_random.Next(4)}]",
            1 => $"Program {key} success",
            2 => $"Program {key} consumed {Number()} of {_random.Next(200_000)} compute units",
            3 => $"Program log: amount {Number()} of {key}, 007 and 1e5, x12",
            4 => $"Program data: {Convert.ToBase64String(Bytes(_random.Next(60)))}",
            5 => $"Program {key} failed: custom program error: 0x{_random.Next():x}",
            6 => $"Program return: {key} {Convert.ToBase64String(Bytes(_random.Next(1, 20)))}",
            7 => "Log truncated",
            8 => "\u0000\u0001\u0002\u0003 \u20AC 99999999999999999999 " + new string('A', _random.Next(50)),
            _ => $"Program log: {Encoding.Latin1.GetString(Bytes(_random.Next(30)))}",
        };
    }

    private byte[] Data() => _random.Next(6) switch
    {
        0 => [3, .. BitConverter.GetBytes(Number())],
        1 => [2, 0, 0, 0, .. BitConverter.GetBytes(Number())],
        2 => [.. Bytes(9), .. Pubkey.AsSpan(in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_pool)[_random.Next(_pool.Count)]), 1],
        3 => [],
        4 => [9],
        _ => Bytes(_random.Next(80)),
    };

    private byte[] Accounts(int keys)
    {
        var accounts = new byte[_random.Next(7)];
        foreach (ref var account in accounts.AsSpan())
        {
            account = (byte)_random.Next(keys);
        }

        return accounts;
    }

    private ulong Number() => (ulong)_random.NextInt64() >> _random.Next(64);

    private Pubkey Key() => new(Bytes(32));

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }
}
