using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace Mev.Sdk.Solana.Json;

/// <summary>Renders instructions of well-known programs as jsonParsed does; the counterpart of <see cref="ParsedInstruction"/>, and of the same instructions.</summary>
/// <remarks>Source: Agave's <c>transaction-status/src/parse_*.rs</c>. What is not described is rendered as keys and data; the residual keeps what a node made of it.</remarks>
internal static class ParsedRenderer
{
    private const string System = "11111111111111111111111111111111";
    private const string Token = "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA";
    private const string Token2022 = "TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb";
    private const string Associated = "ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL";
    private const string Memo = "MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr";
    private const string MemoV1 = "Memo1UhkJRfHyvLMcVucJwxXeuD728EqVDDwQDxFMNo";
    private const string Vote = "Vote111111111111111111111111111111111111111";

    /// <summary>Writes the members <c>program</c> and <c>parsed</c>.</summary>
    /// <returns>False, with nothing written, when the instruction is not described.</returns>
    public static bool TryWrite(Utf8JsonWriter writer, string program, ReadOnlySpan<byte> accounts, ReadOnlySpan<byte> data, string[] keys)
    {
        switch (program)
        {
            case Vote:
                return VoteRenderer.TryWrite(writer, accounts, data, keys);
            case Memo or MemoV1 when Utf8.IsValid(data):
                writer.WriteString("program", "spl-memo");
                writer.WriteString("parsed", data);
                return true;
            case System:
                return TryWriteSystem(writer, accounts, data, keys);
            case Token or Token2022:
                return TryWriteToken(writer, accounts, data, keys);
            case Associated when data is [1] && accounts.Length == 6:
                Begin(writer, "spl-associated-token-account", "createIdempotent");
                Names(writer, accounts, keys, "source", "account", "wallet", "mint", "systemProgram", "tokenProgram");
                return End(writer);
            default:
                return false;
        }
    }

    private static bool TryWriteSystem(Utf8JsonWriter writer, ReadOnlySpan<byte> accounts, ReadOnlySpan<byte> data, string[] keys)
    {
        const int TransferBytes = sizeof(uint) + sizeof(ulong);
        const int CreateBytes = TransferBytes + sizeof(ulong) + Pubkey.Size;
        switch (data.Length >= sizeof(uint) ? BinaryPrimitives.ReadUInt32LittleEndian(data) : uint.MaxValue)
        {
            case 2 when accounts.Length == 2 && data.Length == TransferBytes:
                Begin(writer, "system", "transfer");
                Names(writer, accounts, keys, "source", "destination");
                writer.WriteNumber("lamports", U64(data[sizeof(uint)..]));
                return End(writer);
            case 0 when accounts.Length == 2 && data.Length == CreateBytes:
                Begin(writer, "system", "createAccount");
                Names(writer, accounts, keys, "source", "newAccount");
                writer.WriteNumber("lamports", U64(data[sizeof(uint)..]));
                writer.WriteNumber("space", U64(data[TransferBytes..]));
                writer.WriteString("owner", new Pubkey(data[^Pubkey.Size..]).ToString());
                return End(writer);
            default:
                return false;
        }
    }

    private static bool TryWriteToken(Utf8JsonWriter writer, ReadOnlySpan<byte> accounts, ReadOnlySpan<byte> data, string[] keys)
    {
        const int AmountBytes = 1 + sizeof(ulong);
        switch (data.IsEmpty ? byte.MaxValue : data[0])
        {
            case 3 when accounts.Length >= 3 && data.Length == AmountBytes:
                return WriteTransfer(writer, "transfer", accounts, data, keys, "authority", "multisigAuthority", "source", "destination");
            case 7 when accounts.Length >= 3 && data.Length == AmountBytes:
                return WriteTransfer(writer, "mintTo", accounts, data, keys, "mintAuthority", "multisigMintAuthority", "mint", "account");
            case 8 when accounts.Length >= 3 && data.Length == AmountBytes:
                return WriteTransfer(writer, "burn", accounts, data, keys, "authority", "multisigAuthority", "account", "mint");
            case 12 when accounts.Length >= 4 && data.Length == AmountBytes + 1:
                Begin(writer, "spl-token", "transferChecked");
                Names(writer, accounts[..3], keys, "source", "mint", "destination");
                WriteUiAmount(writer, U64(data[1..]), data[AmountBytes]);
                Authority(writer, accounts[3..], keys, "authority", "multisigAuthority");
                return End(writer);
            case 9 when accounts.Length >= 3 && data.Length == 1:
                Begin(writer, "spl-token", "closeAccount");
                Names(writer, accounts[..2], keys, "account", "destination");
                Authority(writer, accounts[2..], keys, "owner", "multisigOwner");
                return End(writer);
            case 17 when accounts.Length == 1 && data.Length == 1:
                Begin(writer, "spl-token", "syncNative");
                Names(writer, accounts, keys, "account");
                return End(writer);
            case 18 when accounts.Length == 2 && data.Length == 1 + Pubkey.Size:
                Begin(writer, "spl-token", "initializeAccount3");
                Names(writer, accounts, keys, "account", "mint");
                writer.WriteString("owner", new Pubkey(data[1..]).ToString());
                return End(writer);
            case 22 when accounts.Length == 1 && data.Length == 1:
                Begin(writer, "spl-token", "initializeImmutableOwner");
                Names(writer, accounts, keys, "account");
                return End(writer);
            default:
                return false;
        }
    }

    private static bool WriteTransfer(
        Utf8JsonWriter writer, string type, ReadOnlySpan<byte> accounts, ReadOnlySpan<byte> data, string[] keys, string single, string multiple, string first, string second)
    {
        Begin(writer, "spl-token", type);
        Names(writer, accounts[..2], keys, first, second);
        writer.WriteString("amount", U64(data[1..]).ToString(CultureInfo.InvariantCulture));
        Authority(writer, accounts[2..], keys, single, multiple);
        return End(writer);
    }

    private static void WriteUiAmount(Utf8JsonWriter writer, ulong amount, byte decimals)
    {
        var balance = new Meta.TokenBalance(0, default, default, default, amount, decimals);
        var text = Meta.UiAmounts.Text(in balance);
        writer.WriteStartObject("tokenAmount");
        writer.WriteNumber("uiAmount", Meta.UiAmounts.Number(in balance));
        writer.WriteNumber("decimals", decimals);
        writer.WriteString("amount", amount.ToString(CultureInfo.InvariantCulture));
        writer.WriteString("uiAmountString", text);
        writer.WriteEndObject();
    }

    private static void Authority(Utf8JsonWriter writer, ReadOnlySpan<byte> accounts, string[] keys, string single, string multiple)
    {
        if (accounts.Length == 1)
        {
            writer.WriteString(single, keys.At(accounts[0]));
            return;
        }

        writer.WriteString(multiple, keys.At(accounts[0]));
        writer.WriteStartArray("signers");
        foreach (var signer in accounts[1..])
        {
            writer.WriteStringValue(keys.At(signer));
        }

        writer.WriteEndArray();
    }

    private static void Begin(Utf8JsonWriter writer, string program, string type)
    {
        writer.WriteString("program", program);
        writer.WriteStartObject("parsed");
        writer.WriteString("type", type);
        writer.WriteStartObject("info");
    }

    private static bool End(Utf8JsonWriter writer)
    {
        writer.WriteEndObject();
        writer.WriteEndObject();
        return true;
    }

    private static void Names(Utf8JsonWriter writer, ReadOnlySpan<byte> accounts, string[] keys, params ReadOnlySpan<string> names)
    {
        for (var i = 0; i < names.Length; i++)
        {
            writer.WriteString(names[i], keys.At(accounts[i]));
        }
    }

    private static ulong U64(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64LittleEndian(bytes);
}
