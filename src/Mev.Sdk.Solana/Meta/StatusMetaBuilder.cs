using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Mev.Sdk.Solana.Meta;

/// <summary>Puts a status meta together as ConfirmedBlock protobuf.</summary>
/// <remarks>
/// Fields are written in the order of their numbers, as Solana's own writer does. Not thread-safe. <see cref="Clear"/> makes it ready for
/// another meta and keeps its memory.
/// </remarks>
/// <example>
/// <code>
/// var meta = new StatusMetaBuilder()
///     .SetFee(5_000)
///     .AddBalance(before: 1_000_000, after: 995_000)
///     .SetComputeUnitsConsumed(150)
///     .ToArray();
/// </code>
/// </example>
public sealed class StatusMetaBuilder
{
    /// <summary>Longest return data the runtime allows, bytes.</summary>
    public const int MaxReturnDataBytes = 1024;

    private readonly List<ulong> _pre = [];
    private readonly List<ulong> _post = [];
    private readonly List<Pubkey> _loadedWritable = [];
    private readonly List<Pubkey> _loadedReadonly = [];
    private readonly ProtoWriter _inner = new();
    private readonly ProtoWriter _logs = new();
    private readonly ProtoWriter _preTokens = new();
    private readonly ProtoWriter _postTokens = new();
    private readonly ProtoWriter _group = new();
    private readonly ProtoWriter _scratch = new();
    private readonly ProtoWriter _nested = new();
    private readonly ProtoWriter _output = new();
    private readonly byte[] _returnData = new byte[MaxReturnDataBytes];
    private int _groupIndex = -1;
    private int _returnDataLength = -1;
    private Pubkey _returnProgram;
    private TransactionError _error;
    private ulong _fee;
    private ulong? _computeUnits;
    private bool _innerMissing;
    private bool _logsMissing;

    /// <summary>Forgets everything.</summary>
    /// <returns>This builder.</returns>
    public StatusMetaBuilder Clear()
    {
        _pre.Clear();
        _post.Clear();
        _loadedWritable.Clear();
        _loadedReadonly.Clear();
        _inner.Clear();
        _logs.Clear();
        _preTokens.Clear();
        _postTokens.Clear();
        _group.Clear();
        _groupIndex = -1;
        _returnDataLength = -1;
        _error = default;
        _fee = 0;
        _computeUnits = null;
        _innerMissing = false;
        _logsMissing = false;
        return this;
    }

    /// <summary>Says why the transaction failed.</summary>
    /// <param name="error">The error; code None = it did not fail.</param>
    /// <returns>This builder.</returns>
    public StatusMetaBuilder SetError(TransactionError error)
    {
        _error = error;
        return this;
    }

    /// <summary>Sets the fee.</summary>
    /// <param name="lamports">Fee paid, lamports.</param>
    /// <returns>This builder.</returns>
    public StatusMetaBuilder SetFee(ulong lamports)
    {
        _fee = lamports;
        return this;
    }

    /// <summary>Sets the compute units consumed.</summary>
    /// <param name="units">Compute units.</param>
    /// <returns>This builder.</returns>
    public StatusMetaBuilder SetComputeUnitsConsumed(ulong units)
    {
        _computeUnits = units;
        return this;
    }

    /// <summary>Adds the balances of the next key.</summary>
    /// <param name="before">Balance before, lamports.</param>
    /// <param name="after">Balance after, lamports.</param>
    /// <returns>This builder.</returns>
    public StatusMetaBuilder AddBalance(ulong before, ulong after)
    {
        _pre.Add(before);
        _post.Add(after);
        return this;
    }

    /// <summary>Adds the next inner instruction in order of execution.</summary>
    /// <param name="outerInstruction">The outer instruction below which it ran, from 0; not lower than that of the one before.</param>
    /// <param name="programIndex">Index of its program in the transaction's keys.</param>
    /// <param name="accounts">Indices of its accounts.</param>
    /// <param name="data">What the program got.</param>
    /// <param name="stackHeight">Depth of the call, 2 = invoked by an outer instruction's program; 0 = not recorded.</param>
    /// <returns>This builder.</returns>
    public StatusMetaBuilder AddInnerInstruction(int outerInstruction, byte programIndex, ReadOnlySpan<byte> accounts, ReadOnlySpan<byte> data, uint stackHeight = 2)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(outerInstruction);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(outerInstruction, ushort.MaxValue);
        BeginInnerInstructions(outerInstruction);
        _scratch.Clear();
        _scratch.Number(MetaFields.ProgramIndex, programIndex);
        _scratch.Bytes(MetaFields.Accounts, accounts);
        _scratch.Bytes(MetaFields.Data, data);
        _scratch.Number(MetaFields.StackHeight, stackHeight);
        _group.Element(MetaFields.GroupInstructions, _scratch.Written);
        return this;
    }

    /// <summary>Says that the node recorded no inner instructions at all.</summary>
    /// <returns>This builder.</returns>
    public StatusMetaBuilder SetInnerInstructionsMissing()
    {
        _innerMissing = true;
        return this;
    }

    /// <summary>Adds a log line.</summary>
    /// <param name="line">The line.</param>
    /// <returns>This builder.</returns>
    public StatusMetaBuilder AddLogMessage(ReadOnlySpan<char> line)
    {
        var utf8 = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(line.Length));
        _logs.Element(MetaFields.LogMessages, utf8.AsSpan(0, Encoding.UTF8.GetBytes(line, utf8)));
        ArrayPool<byte>.Shared.Return(utf8);
        return this;
    }

    /// <summary>Says that the node recorded no log at all.</summary>
    /// <returns>This builder.</returns>
    public StatusMetaBuilder SetLogMessagesMissing()
    {
        _logsMissing = true;
        return this;
    }

    /// <summary>Adds a token account's balance before the transaction.</summary>
    /// <param name="balance">The balance.</param>
    /// <param name="uiAmountText">The amount as the node displays it; computed from amount and decimals unless given.</param>
    /// <returns>This builder.</returns>
    public StatusMetaBuilder AddPreTokenBalance(in TokenBalance balance, string? uiAmountText = null)
    {
        _preTokens.Element(MetaFields.PreTokenBalances, Write(in balance, uiAmountText));
        return this;
    }

    /// <summary>Adds a token account's balance after the transaction.</summary>
    /// <param name="balance">The balance.</param>
    /// <param name="uiAmountText">The amount as the node displays it; computed from amount and decimals unless given.</param>
    /// <returns>This builder.</returns>
    public StatusMetaBuilder AddPostTokenBalance(in TokenBalance balance, string? uiAmountText = null)
    {
        _postTokens.Element(MetaFields.PostTokenBalances, Write(in balance, uiAmountText));
        return this;
    }

    /// <summary>Adds a key that lookups loaded as writable.</summary>
    /// <param name="key">The key.</param>
    /// <returns>This builder.</returns>
    public StatusMetaBuilder AddLoadedWritable(in Pubkey key)
    {
        _loadedWritable.Add(key);
        return this;
    }

    /// <summary>Adds a key that lookups loaded as readonly.</summary>
    /// <param name="key">The key.</param>
    /// <returns>This builder.</returns>
    public StatusMetaBuilder AddLoadedReadonly(in Pubkey key)
    {
        _loadedReadonly.Add(key);
        return this;
    }

    /// <summary>Sets the return data.</summary>
    /// <param name="program">The program that set it.</param>
    /// <param name="data">At most <see cref="MaxReturnDataBytes"/> bytes.</param>
    /// <returns>This builder.</returns>
    public StatusMetaBuilder SetReturnData(in Pubkey program, ReadOnlySpan<byte> data)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(data.Length, MaxReturnDataBytes);
        _returnProgram = program;
        data.CopyTo(_returnData);
        _returnDataLength = data.Length;
        return this;
    }

    /// <summary>The message's bytes.</summary>
    /// <returns>A new array.</returns>
    public byte[] ToArray() => Build().ToArray();

    /// <summary>Writes the message's bytes.</summary>
    /// <param name="destination">Where they go.</param>
    /// <returns>Bytes written.</returns>
    public int WriteTo(IBufferWriter<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        var bytes = Build();
        destination.Write(bytes);
        return bytes.Length;
    }

    private ReadOnlySpan<byte> Build()
    {
        EndInnerInstructions();
        _output.Clear();
        if (_error.Code != Records.TransactionErrorCode.None)
        {
            Span<byte> bincode = stackalloc byte[TransactionError.MaxBytes];
            _scratch.Clear();
            _scratch.Bytes(MetaFields.ErrorBytes, bincode[.._error.Encode(bincode)]);
            _output.Element(MetaFields.Error, _scratch.Written);
        }

        _output.Number(MetaFields.Fee, _fee);
        Packed(MetaFields.PreBalances, _pre);
        Packed(MetaFields.PostBalances, _post);
        _output.Raw(_inner.Written);
        _output.Raw(_logs.Written);
        _output.Raw(_preTokens.Written);
        _output.Raw(_postTokens.Written);
        _output.Number(MetaFields.InnerInstructionsNone, _innerMissing ? 1u : 0);
        _output.Number(MetaFields.LogMessagesNone, _logsMissing ? 1u : 0);
        Keys(MetaFields.LoadedWritable, _loadedWritable);
        Keys(MetaFields.LoadedReadonly, _loadedReadonly);
        if (_returnDataLength >= 0)
        {
            _scratch.Clear();
            _scratch.Element(MetaFields.ReturnProgram, Pubkey.AsSpan(in _returnProgram));
            _scratch.Bytes(MetaFields.ReturnBytes, _returnData.AsSpan(0, _returnDataLength));
            _output.Element(MetaFields.ReturnData, _scratch.Written);
        }

        _output.Number(MetaFields.ReturnDataNone, _returnDataLength < 0 ? 1u : 0);
        if (_computeUnits is { } units)
        {
            _output.OptionalNumber(MetaFields.ComputeUnitsConsumed, units);
        }

        return _output.Written;
    }

    private void BeginInnerInstructions(int outer)
    {
        if (outer == _groupIndex)
        {
            return;
        }

        EndInnerInstructions();
        _groupIndex = outer;
        _group.Number(MetaFields.GroupIndex, (ulong)outer);
    }

    private void EndInnerInstructions()
    {
        if (_groupIndex >= 0)
        {
            _inner.Element(MetaFields.InnerInstructions, _group.Written);
        }

        _group.Clear();
        _groupIndex = -1;
    }

    private void Packed(int field, List<ulong> values)
    {
        _scratch.Clear();
        foreach (var value in CollectionsMarshal.AsSpan(values))
        {
            _scratch.Varint(value);
        }

        _output.Bytes(field, _scratch.Written);
    }

    private void Keys(int field, List<Pubkey> keys)
    {
        foreach (ref readonly var key in CollectionsMarshal.AsSpan(keys))
        {
            _output.Element(field, Pubkey.AsSpan(in key));
        }
    }

    private ReadOnlySpan<byte> Write(in TokenBalance balance, string? uiAmountText)
    {
        Span<byte> text = stackalloc byte[320];
        Span<byte> digits = stackalloc byte[20];
        var length = UiAmounts.Format(in balance, text);
        var ui = UiAmounts.Number(in balance);
        if (uiAmountText is not null && !Ascii.Equals(text[..length], uiAmountText))
        {
            // A mint whose displayed amount is not its plain amount (interest-bearing, scaled).
            length = Encoding.UTF8.GetBytes(uiAmountText, text);
            ui = double.TryParse(uiAmountText, NumberStyles.Float, CultureInfo.InvariantCulture, out var given) ? given : ui;
        }

        Utf8Formatter.TryFormat(balance.Amount, digits, out var digitCount);
        _nested.Clear();
        _nested.Double(MetaFields.UiAmount, ui);
        _nested.Number(MetaFields.Decimals, balance.Decimals);
        _nested.Bytes(MetaFields.Amount, digits[..digitCount]);
        _nested.Bytes(MetaFields.UiAmountText, text[..length]);

        _scratch.Clear();
        _scratch.Number(MetaFields.AccountIndex, balance.AccountIndex);
        _scratch.Bytes(MetaFields.Mint, text[..Format(balance.Mint, text)]);
        _scratch.Element(MetaFields.UiTokenAmount, _nested.Written);
        _scratch.Bytes(MetaFields.Owner, text[..Format(balance.Owner, text)]);
        _scratch.Bytes(MetaFields.TokenProgram, text[..Format(balance.TokenProgram, text)]);
        return _scratch.Written;
    }

    private static int Format(Pubkey key, Span<byte> text) => key.IsZero ? 0 : Base58.Encode32(Pubkey.AsSpan(in key), text);
}
