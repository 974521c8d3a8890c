using System.Buffers.Binary;
using Mev.Sdk.Storage.Archive.Coding;

namespace Mev.Sdk.Storage.Archive.Transactions;

/// <summary>A transaction and its status meta taken apart, as the columns code it; read from bytes, or filled by decoding and written as bytes.</summary>
internal sealed class TransactionModel
{
    /// <summary>Keys that an instruction can name.</summary>
    public const int MaxKeys = 256;

    public const int Legacy = 0;
    public const int Version0 = 1;
    public const int Version1 = 2;

    /// <summary>Accounts, data, lookups and log lines.</summary>
    public readonly ByteArena Bytes = new();
    public readonly Rows<Signature> Signatures = new();

    /// <summary>Static keys, then loaded writable, then loaded readonly ones. The last two are there only with a meta.</summary>
    public readonly Rows<Pubkey> Keys = new();
    public readonly Rows<LookupRow> Lookups = new();
    public readonly Rows<Instruction> Steps = new();

    /// <summary>By position of the key.</summary>
    public readonly TokenRow[] Tokens = new TokenRow[MaxKeys];
    public readonly Rows<ulong> Before = new();
    public readonly Rows<ulong> After = new();
    public readonly Rows<TextRow> Log = new();
    public readonly ByteArena Error = new();
    public readonly ByteArena ReturnData = new();
    public readonly ulong[] Config = new ulong[4];

    public int Format;
    public int Required;
    public int ReadonlySigned;
    public int ReadonlyUnsigned;
    public int StaticKeys;
    public int LoadedWritable;
    public int LoadedReadonly;
    public int OuterCount;
    public Pubkey Blockhash;

    /// <summary>Version 1: which of <see cref="Config"/> are there, as the message's mask says.</summary>
    public uint ConfigMask;

    public bool HasMeta;
    public bool HasError;
    public bool HasReturnData;
    public bool HasUnits;
    public bool HasCostUnits;
    public bool InnerMissing;
    public bool LogMissing;
    public ulong Fee;
    public ulong Units;
    public ulong CostUnits;
    public Pubkey ReturnProgram;

    public int KeyCount => StaticKeys + LoadedWritable + LoadedReadonly;

    public void Clear()
    {
        // Rows of tokens are only ever set below the count of keys.
        Array.Clear(Tokens, 0, Math.Min(Math.Max(KeyCount, Keys.Count), MaxKeys));
        Bytes.Clear();
        Signatures.Clear();
        Keys.Clear();
        Lookups.Clear();
        Steps.Clear();
        Before.Clear();
        After.Clear();
        Log.Clear();
        Error.Clear();
        ReturnData.Clear();
        Array.Clear(Config);
        (Format, Required, ReadonlySigned, ReadonlyUnsigned, StaticKeys, LoadedWritable, LoadedReadonly, OuterCount) = (0, 0, 0, 0, 0, 0, 0, 0);
        (HasMeta, HasError, HasReturnData, HasUnits, HasCostUnits, InnerMissing, LogMissing) = (false, false, false, false, false, false, false);
        (ConfigMask, Fee, Units, CostUnits) = (0, 0, 0, 0);
        (Blockhash, ReturnProgram) = (default, default);
    }

    public ReadOnlySpan<byte> Accounts(in Instruction step) => Bytes[step.AccountsAt, step.AccountsCount];

    public Span<byte> Data(in Instruction step) => Bytes[step.DataAt, step.DataLength];

    /// <summary>Whether no key is there twice. The chain refuses such transactions, and the columns name a key by its position.</summary>
    public bool KeysDiffer()
    {
        // A small table of those before; who grinds keys for one slot of it makes this slow for one transaction of at most 256 keys.
        const int Slots = 2 * MaxKeys;
        Span<short> slots = stackalloc short[Slots]; // number + 1
        slots.Clear();
        var keys = Keys.Written;
        for (var i = 0; i < keys.Length; i++)
        {
            var bytes = Pubkey.AsSpan(in keys[i]);
            var slot = (int)((BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]) * 0x9E3779B97F4A7C15UL) >> 55);
            for (; slots[slot] != 0; slot = (slot + 1) % Slots)
            {
                if (keys[slots[slot] - 1] == keys[i])
                {
                    return false;
                }
            }

            slots[slot] = (short)(i + 1);
        }

        return true;
    }

    /// <summary>Whether a key signs and is written to, as one of six classes: that is how a message orders its keys.</summary>
    public byte ClassOf(int position) => (byte)(
        position < Required ? (position < Required - ReadonlySigned ? 0 : 1)
        : position < StaticKeys ? (position < StaticKeys - ReadonlyUnsigned ? 2 : 3)
        : position < StaticKeys + LoadedWritable ? 4 : 5);
}
