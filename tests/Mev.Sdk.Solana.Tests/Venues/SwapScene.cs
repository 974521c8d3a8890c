using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Mev.Sdk.Records;
using Mev.Sdk.Solana.Addresses;
using Mev.Sdk.Solana.Effects;
using Mev.Sdk.Solana.Meta;
using Mev.Sdk.Solana.Transactions;

namespace Mev.Sdk.Solana.Tests.Venues;

/// <summary>Stages a transaction by names: each name is an account; "user" signs and pays.</summary>
internal sealed class SwapScene
{
    private readonly List<Pubkey> _keys = [];
    private readonly TransactionBuilder _wire = new();
    private readonly StatusMetaBuilder _meta = new();
    private readonly List<Action> _instructions = [];
    private readonly Dictionary<Pubkey, (ulong Before, ulong After)> _balances = [];
    private int _outer = -1;

    public SwapScene()
    {
        Index("user");
    }

    public static Pubkey Named(string name) => name switch
    {
        "SOL" => KnownMints.WrappedSol,
        "token program" => KnownPrograms.Token,
        "system program" => KnownPrograms.System,
        _ => Pubkey.TryParse(name, null, out var key) ? key : new Pubkey(SHA256.HashData(Encoding.UTF8.GetBytes(name))),
    };

    /// <summary>Anchor's discriminator and u64 arguments.</summary>
    public static byte[] Anchor(string name, params ReadOnlySpan<ulong> arguments)
    {
        var data = new List<byte>(SHA256.HashData(Encoding.UTF8.GetBytes($"global:{name}"))[..8]);
        foreach (var argument in arguments)
        {
            data.AddRange(U64(argument));
        }

        return [.. data];
    }

    public static byte[] U64(ulong value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return bytes;
    }

    public SwapScene Outer(Pubkey program, string accounts, byte[] data)
    {
        _outer++;
        var (index, indices) = (Index(program), Indices(accounts));
        _instructions.Add(() => _wire.AddInstruction(index, indices, data));
        return this;
    }

    public SwapScene Inner(Pubkey program, string accounts, byte[] data, uint height = 2)
    {
        _meta.AddInnerInstruction(_outer, Index(program), Indices(accounts), data, height);
        return this;
    }

    public SwapScene Transfer(string source, string destination, string authority, ulong amount, uint height = 2) =>
        Inner(KnownPrograms.Token, $"{source},{destination},{authority}", [3, .. U64(amount)], height);

    public SwapScene TransferChecked(string source, string mint, string destination, string authority, ulong amount, byte decimals, uint height = 2) =>
        Inner(KnownPrograms.Token2022, $"{source},{mint},{destination},{authority}", [12, .. U64(amount), decimals], height);

    public SwapScene TransferWithFee(string source, string mint, string destination, string authority, ulong amount, byte decimals, ulong fee, uint height = 2) =>
        Inner(KnownPrograms.Token2022, $"{source},{mint},{destination},{authority}", [26, 1, .. U64(amount), decimals, .. U64(fee)], height);

    public SwapScene Lamports(string from, string to, ulong lamports, uint height = 2) =>
        Inner(KnownPrograms.System, $"{from},{to}", [2, 0, 0, 0, .. U64(lamports)], height);

    public SwapScene Token(string account, string mint, string owner, ulong before, byte decimals = 6)
    {
        var balance = new TokenBalance(Index(account), Named(mint), Named(owner), KnownPrograms.Token, before, decimals);
        _meta.AddPreTokenBalance(in balance).AddPostTokenBalance(in balance);
        return this;
    }

    public SwapScene Balance(string account, ulong before, ulong after)
    {
        Index(account);
        _balances[Named(account)] = (before, after);
        return this;
    }

    public TransactionEffects Effects(EffectKinds kinds = EffectKinds.All)
    {
        var (wire, meta) = Build();
        var effects = new TransactionEffects(kinds);
        Assert.Equal(EffectsOutcome.Done, effects.Read(wire, meta, out var error));
        Assert.Null(error);
        return effects;
    }

    public SwapScene Fail()
    {
        _meta.SetError(TransactionError.Instruction(0, InstructionErrorCode.Custom, 1));
        return this;
    }

    public (byte[] Wire, byte[] Meta) Build()
    {
        _wire.AddSignature(Samples.Sig(1)).SetHeader(1, 0, 0).SetRecentBlockhash(Samples.Key(9));
        foreach (var key in _keys)
        {
            _wire.AddKey(in key);
            var (before, after) = _balances.TryGetValue(key, out var set) ? set : ((ulong)(1_000 + _keys.IndexOf(key)), 0);
            _meta.AddBalance(before, after);
        }

        foreach (var instruction in _instructions)
        {
            instruction();
        }

        return (_wire.ToArray(), _meta.SetFee(5_000).ToArray());
    }

    public SwapEntry[] Swaps() => Decode().Swaps;

    public (TransactionRecord Record, SwapEntry[] Swaps) Decode()
    {
        var (wire, meta) = Build();
        var swaps = new List<SwapEntry>();
        Assert.True(new TransactionDecoder().TryDecode(wire, meta, new SightingContext(7), out var record, swaps, out var error), error);
        return (record, [.. swaps]);
    }

    private byte[] Indices(string accounts) => accounts.Length == 0 ? [] : [.. accounts.Split(',').Select(name => Index(name.Trim()))];

    private byte Index(string name) => Index(Named(name));

    private byte Index(Pubkey key)
    {
        if (!_keys.Contains(key))
        {
            _keys.Add(key);
        }

        return (byte)_keys.IndexOf(key);
    }
}
