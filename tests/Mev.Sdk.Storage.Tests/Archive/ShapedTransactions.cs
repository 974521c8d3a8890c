using System.Globalization;
using System.Text;
using Mev.Sdk.Records;
using Mev.Sdk.Solana.Meta;
using Mev.Sdk.Solana.Transactions;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Tests.Archive;

/// <summary>Transactions of the shapes that are asked for, from a seed: valid ones, whose JSON can be rendered too, with what is in them at its limits.</summary>
internal sealed class ShapedTransactions(int seed)
{
    private static readonly Pubkey[] Programs =
    [
        Pubkey.Parse("11111111111111111111111111111111"),
        Pubkey.Parse("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA"),
        Pubkey.Parse("TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb"),
        Pubkey.Parse("ComputeBudget111111111111111111111111111111"),
        Pubkey.Parse("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL"),
        Pubkey.Parse("675kPX9MHTjS2zt1qfr1NYHuzeLXfQM9H24wFSUt1Mp8"),
    ];

    private static readonly Pubkey VoteProgram = Pubkey.Parse("Vote111111111111111111111111111111111111111");
    private static readonly ulong[] Limits = [0, 1, 127, 128, 0xFFFF, uint.MaxValue, 1UL << 53, long.MaxValue, 1UL << 63, ulong.MaxValue - 1, ulong.MaxValue];

    private readonly Random _random = new(seed);
    private readonly List<Pubkey> _known = [];
    private readonly TransactionBuilder _wire = new();
    private readonly StatusMetaBuilder _meta = new();
    private TransactionShape _shape;

    /// <summary>Some shapes at random.</summary>
    public TransactionShape Draw() => (TransactionShape)(_random.Next() & _random.Next() & ((1 << 27) - 1));

    /// <summary>A frame.</summary>
    public byte[] Frame(ulong sequence, TransactionShape shape)
    {
        var (wire, meta) = Parts(shape);
        var swaps = new SwapEntry[Has(TransactionShape.Swaps) ? _random.Next(1, 4) : 0];
        foreach (ref var swap in swaps.AsSpan())
        {
            (swap.Pool, swap.AmountIn, swap.AmountOut, swap.OuterInstruction, swap.InnerInstruction) = (Known(), Number(), Number(), (ushort)_random.Next(ushort.MaxValue + 1), (ushort)_random.Next(4));
        }

        var record = new TransactionRecord
        {
            Slot = Has(TransactionShape.ExtremeNumbers) ? Number() : 400 + (sequence / 7),
            IndexInBlock = Has(TransactionShape.ExtremeNumbers) ? (uint)Number() : (uint)(sequence % 7),
            Stage = SightingStage.Confirmed,
            Flags = (TransactionFlags)_random.Next(256),
            FeeLamports = Number(),
        };
        if (WireTransaction.TryParse(wire, out var view))
        {
            (record.Signature, record.Payer) = (view.Signatures[0], view.StaticKeys[0]);
        }

        var frame = new byte[TransactionView.GetFrameLength(swaps.Length, wire.Length, meta.Length)];
        TransactionView.Write(frame, 0, in record, swaps, wire, meta);
        FrameWriter.Stamp(frame, sequence, Has(TransactionShape.ExtremeNumbers) ? Number() : 1_700_000_000_000_000_000 + (sequence * 1000));
        return frame;
    }

    /// <summary>Wire bytes and status meta.</summary>
    public (byte[] Wire, byte[] Meta) Parts(TransactionShape shape)
    {
        _shape = shape;
        if (Has(TransactionShape.NothingAtAll))
        {
            return ([], []);
        }

        var keys = Keys();
        var wire = Wire(keys, out var writable, out var @readonly);
        return (wire, Has(TransactionShape.NoMeta) ? [] : Meta(keys, writable, @readonly));
    }

    // A version-1 message has 4,096 bytes at most.
    private bool IsV1 => Has(TransactionShape.V1) && !Has(TransactionShape.V0WithLookups);

    private bool Has(TransactionShape one) => (_shape & one) != 0;

    private List<Pubkey> Keys()
    {
        var keys = new List<Pubkey>();
        for (var count = Has(TransactionShape.ManyKeys) && !IsV1 ? _random.Next(60, 65) : _random.Next(2, 12); keys.Count < count;)
        {
            keys.Add(_random.Next(3) > 0 ? Known() : Key());
        }

        keys.Add(Has(TransactionShape.Vote) ? VoteProgram : Has(TransactionShape.UnknownPrograms) ? Key() : Programs[_random.Next(Programs.Length)]);
        if (!Has(TransactionShape.DuplicateKeys))
        {
            keys = [.. keys.Distinct()];
        }
        else
        {
            keys[^2] = keys[0];
        }

        _known.AddRange(keys);
        return keys;
    }

    private byte[] Wire(List<Pubkey> keys, out int writable, out int @readonly)
    {
        (writable, @readonly) = (0, 0);
        var format = Has(TransactionShape.V0WithLookups) ? MessageFormat.V0 : Has(TransactionShape.V1) ? MessageFormat.V1 : MessageFormat.Legacy;
        var signatures = _random.Next(1, Math.Min(keys.Count, 13));
        _wire.Clear().SetFormat(format).SetRecentBlockhash(Known()).SetHeader((byte)signatures, (byte)_random.Next(signatures), (byte)_random.Next(keys.Count - signatures + 1));
        for (var i = 0; i < signatures; i++)
        {
            _wire.AddSignature(new Signature(Bytes(64)));
        }

        keys.ForEach(key => _wire.AddKey(in key));
        if (format == MessageFormat.V1 && _random.Next(4) > 0)
        {
            _wire.SetConfig(new TransactionConfig(Maybe(Number()), (uint?)Maybe((uint)Number()), (uint?)Maybe((uint)Number()), (uint?)Maybe((uint)Number())));
        }

        var count = Has(TransactionShape.NoInstructions) || keys.Count < 2 ? 0 : Has(TransactionShape.ManyInstructions) ? (IsV1 ? 40 : 150) : _random.Next(1, 5);
        for (var i = 0; i < count; i++)
        {
            _wire.AddInstruction((byte)(_random.Next(3) > 0 ? keys.Count - 1 : _random.Next(1, keys.Count)), Accounts(keys.Count), Data());
        }

        for (var i = format == MessageFormat.V0 ? _random.Next(1, 4) : 0; i > 0; i--)
        {
            var (some, others) = (Bytes(_random.Next(Has(TransactionShape.ManyKeys) ? 40 : 4)), Bytes(_random.Next(1, 5)));
            _wire.AddLookup(Known(), some, others);
            writable += some.Length;
            @readonly += others.Length;
        }

        return _wire.ToArray();
    }

    private byte[] Meta(List<Pubkey> keys, int writable, int @readonly)
    {
        _meta.Clear().SetFee(Number());
        var count = keys.Count + writable + @readonly;
        var text = Error(count);
        for (var i = 0; i < count; i++)
        {
            _meta.AddBalance(Number(), Number());
        }

        Calls(keys.Count, count);
        Log(keys);
        for (var i = 0; i < count; i += _random.Next(1, 4))
        {
            Tokens((byte)i, Has(TransactionShape.TokenBalances), Programs[1]);
            Tokens((byte)i, Has(TransactionShape.Token2022Balances), Programs[2]);
        }

        // The builder knows no rewards. They come behind token balances: where nothing else does, they are in their place, else out of order.
        byte[] rewards = Has(TransactionShape.Rewards) ? [.. Enumerable.Range(0, _random.Next(1, 4)).SelectMany(_ => Reward())] : [];
        if (rewards.Length > 0 && writable + @readonly == 0)
        {
            return [.. text, .. _meta.ToArray(), .. rewards];
        }

        for (var i = 0; i < writable; i++)
        {
            var key = Known();
            _meta.AddLoadedWritable(in key);
        }

        for (var i = 0; i < @readonly; i++)
        {
            var key = Known();
            _meta.AddLoadedReadonly(in key);
        }

        if (Has(TransactionShape.ReturnData))
        {
            var program = keys[^1];
            _meta.SetReturnData(in program, _random.Next(3) == 0 ? [] : Bytes(_random.Next(StatusMetaBuilder.MaxReturnDataBytes + 1)));
        }

        if (!Has(TransactionShape.NoUnits))
        {
            _meta.SetComputeUnitsConsumed(Number());
        }

        return [.. text, .. _meta.ToArray(), .. rewards];
    }

    // Of every family; one with a text the builder does not write: it stands before all other fields.
    private byte[] Error(int accounts)
    {
        if (Has(TransactionShape.FailedWithText))
        {
            var said = Encoding.UTF8.GetBytes(new string('ß', _random.Next(20)));
            byte[] bincode = [8, 0, 0, 0, (byte)_random.Next(4), 43, 0, 0, 0, .. BitConverter.GetBytes((ulong)said.Length), .. said];
            return [0x0A, (byte)(bincode.Length + 2), 0x0A, (byte)bincode.Length, .. bincode];
        }

        if (Has(TransactionShape.FailedInstruction))
        {
            _meta.SetError(TransactionError.Instruction((byte)_random.Next(256), (InstructionErrorCode)_random.Next(1, 55), (uint)Number()));
        }
        else if (Has(TransactionShape.FailedTransaction))
        {
            var code = (TransactionErrorCode)_random.Next(1, 40);
            _meta.SetError(code == TransactionErrorCode.InstructionError ? TransactionError.Instruction(0, InstructionErrorCode.Custom, uint.MaxValue) : new TransactionError(code, (byte)_random.Next(9), AccountIndex: (byte)_random.Next(accounts)));
        }

        return [];
    }

    private void Calls(int keys, int accounts)
    {
        if (Has(TransactionShape.CallsNotKept))
        {
            _meta.SetInnerInstructionsMissing();
        }
        else if (Has(TransactionShape.NestedCalls) && _wire.InstructionCount > 0)
        {
            var (outer, height) = (0, 2u);
            for (var i = _random.Next(1, 30); i > 0 && outer < _wire.InstructionCount; i--)
            {
                _meta.AddInnerInstruction(outer, (byte)_random.Next(1, keys), Accounts(accounts), Data(), height);
                height = (uint)_random.Next(2, (int)Math.Min(height + 2, 10));
                (outer, height) = _random.Next(6) == 0 ? (outer + _random.Next(1, 3), 2u) : (outer, height);
            }
        }
    }

    private void Log(List<Pubkey> keys)
    {
        if (Has(TransactionShape.LogNotKept))
        {
            _meta.SetLogMessagesMissing();
            return;
        }

        var left = 200_000;
        for (var i = Has(TransactionShape.LogOfCalls) ? _random.Next(1, 6) : 0; i > 0; i--)
        {
            var program = keys[_random.Next(keys.Count)];
            var used = _random.Next(Math.Max(1, left / 3));
            _meta.AddLogMessage($"Program {program} invoke [1]");
            _meta.AddLogMessage(_random.Next(4) switch
            {
                0 => "Program log: Instruction: " + new string((char)_random.Next('A', 'z'), _random.Next(30)),
                1 => $"Program data: {Convert.ToBase64String(Bytes(_random.Next(200)))}",
                2 => string.Create(CultureInfo.InvariantCulture, $"Program log: {Number()} of {program}, 007, -5 and 1.5e300"),
                _ => "Program log: \u0000\t\r \u20AC \ud83d\ude80 " + new string('x', Has(TransactionShape.LargeData) ? 9000 : 3),
            });
            if (_random.Next(5) > 0)
            {
                _meta.AddLogMessage(string.Create(CultureInfo.InvariantCulture, $"Program {program} consumed {used} of {left} compute units"));
            }

            left -= used;
            if (Has(TransactionShape.ReturnData))
            {
                _meta.AddLogMessage($"Program return: {program} {Convert.ToBase64String(Bytes(_random.Next(40)))}");
            }

            _meta.AddLogMessage(_random.Next(4) > 0 ? $"Program {program} success" : string.Create(CultureInfo.InvariantCulture, $"Program {program} failed: custom program error: 0x{(uint)Number():x}"));
        }

        if (Has(TransactionShape.LogTruncated))
        {
            _meta.AddLogMessage("Log truncated");
        }
    }

    private void Tokens(byte account, bool has, Pubkey program)
    {
        if (!has)
        {
            return;
        }

        // The zero key is how a meta says that there is none.
        var mint = Known();
        var balance = new TokenBalance(account, mint == default ? Key() : mint, _random.Next(9) == 0 ? default : Known(), program, Number(), (byte)(_random.Next(9) == 0 ? _random.Next(256) : 6));
        if (_random.Next(4) > 0)
        {
            _meta.AddPreTokenBalance(in balance);
        }

        if (_random.Next(4) > 0)
        {
            _meta.AddPostTokenBalance(balance with { Amount = Number() });
        }
    }

    private byte[] Reward()
    {
        var key = Encoding.ASCII.GetBytes(Known().ToString());
        byte[] fields = [0x0A, (byte)key.Length, .. key, 0x10, .. Varint(Number()), 0x18, .. Varint(Number()), 0x20, (byte)_random.Next(1, 5), 0x2A, 1, (byte)('0' + _random.Next(10))];
        return [0x4A, (byte)fields.Length, .. fields];
    }

    private static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value > 127; value >>= 7)
        {
            bytes.Add((byte)(value | 128));
        }

        bytes.Add((byte)value);
        return [.. bytes];
    }

    private byte[] Data() => _random.Next(6) switch
    {
        0 => [3, .. BitConverter.GetBytes(Number())],
        1 => [12, .. BitConverter.GetBytes(Number()), 6],
        2 => [2, 0, 0, 0, .. BitConverter.GetBytes(Number())],
        3 => [],
        4 => Bytes(Has(TransactionShape.LargeData) && !IsV1 ? _random.Next(800, 10_000) : 24),
        _ => [.. Bytes(8), .. Pubkey.AsSpan(in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_known)[_random.Next(_known.Count)])],
    };

    private byte[] Accounts(int keys)
    {
        var accounts = new byte[_random.Next(Has(TransactionShape.ManyKeys) && !IsV1 ? 40 : 9)];
        foreach (ref var account in accounts.AsSpan())
        {
            account = (byte)_random.Next(Math.Min(keys, 256));
        }

        return accounts;
    }

    private ulong? Maybe(ulong value) => _random.Next(3) == 0 ? null : value;

    private ulong Number() => Has(TransactionShape.ExtremeNumbers) ? Limits[_random.Next(Limits.Length)] : (ulong)_random.NextInt64() >> _random.Next(20, 64);

    private Pubkey Known() => _known.Count == 0 || _random.Next(20) == 0 ? Key() : _known[_random.Next(_known.Count)];

    private Pubkey Key() => new(Bytes(32));

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }
}
