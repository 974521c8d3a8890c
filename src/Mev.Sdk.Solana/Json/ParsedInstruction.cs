using System.Buffers.Binary;
using System.Text;

namespace Mev.Sdk.Solana.Json;

/// <summary>Turns a node's rendering of an instruction (jsonParsed) back into accounts and data, where the rendering keeps enough.</summary>
/// <remarks>
/// The renderings are Agave's <c>transaction-status/src/parse_*.rs</c>. What is not listed here is not guessed: the transaction then has no wire
/// bytes. A memo's rendering drops its signers; it is rebuilt without any, as memos nearly always are.
/// </remarks>
internal static class ParsedInstruction
{
    private const uint SystemCreateAccount = 0;
    private const uint SystemTransfer = 2;
    private const byte TokenTransfer = 3;
    private const byte TokenMintTo = 7;
    private const byte TokenBurn = 8;
    private const byte TokenInitializeAccount3 = 18;
    private const byte TokenInitializeImmutableOwner = 22;
    private const byte TokenCloseAccount = 9;
    private const byte TokenTransferChecked = 12;
    private const byte TokenSyncNative = 17;
    private const byte AssociatedCreateIdempotent = 1;

    public static bool TryRebuild(JsonNode node, AccountList keys, out byte[] accounts, out byte[] data)
    {
        (accounts, data) = ([], []);
        var program = node["program"].Text();
        var parsed = node["parsed"];
        if (program == "spl-memo")
        {
            data = Encoding.UTF8.GetBytes(parsed.Text());
            return true;
        }

        if (!parsed.Has("type") || !parsed.Has("info"))
        {
            return false;
        }

        var info = parsed["info"];
        switch (program, parsed["type"].Text())
        {
            case ("vote", var type):
                return VoteInstructionJson.TryRebuild(type, info, keys, out accounts, out data);
            case ("system", "transfer"):
                accounts = Indices(info, keys, "source", "destination");
                data = [.. U32(SystemTransfer), .. U64(info["lamports"].Number())];
                return true;
            case ("system", "createAccount"):
                accounts = Indices(info, keys, "source", "newAccount");
                var owner = info["owner"].Key();
                data = [.. U32(SystemCreateAccount), .. U64(info["lamports"].Number()), .. U64(info["space"].Number()), .. Pubkey.AsSpan(in owner)];
                return true;
            case ("spl-token" or "spl-token-2022", "transfer"):
                accounts = [.. Indices(info, keys, "source", "destination"), .. Authority(info, keys, "authority", "multisigAuthority")];
                data = [TokenTransfer, .. U64(info["amount"].NumberText())];
                return true;
            case ("spl-token" or "spl-token-2022", "transferChecked"):
                accounts = [.. Indices(info, keys, "source", "mint", "destination"), .. Authority(info, keys, "authority", "multisigAuthority")];
                data = [TokenTransferChecked, .. U64(info["tokenAmount"]["amount"].NumberText()), info["tokenAmount"]["decimals"].Byte()];
                return true;
            case ("spl-token" or "spl-token-2022", "closeAccount"):
                accounts = [.. Indices(info, keys, "account", "destination"), .. Authority(info, keys, "owner", "multisigOwner")];
                data = [TokenCloseAccount];
                return true;
            case ("spl-token" or "spl-token-2022", "mintTo"):
                accounts = [.. Indices(info, keys, "mint", "account"), .. Authority(info, keys, "mintAuthority", "multisigMintAuthority")];
                data = [TokenMintTo, .. U64(info["amount"].NumberText())];
                return true;
            case ("spl-token" or "spl-token-2022", "burn"):
                accounts = [.. Indices(info, keys, "account", "mint"), .. Authority(info, keys, "authority", "multisigAuthority")];
                data = [TokenBurn, .. U64(info["amount"].NumberText())];
                return true;
            case ("spl-token" or "spl-token-2022", "initializeAccount3"):
                accounts = Indices(info, keys, "account", "mint");
                var holder = info["owner"].Key();
                data = [TokenInitializeAccount3, .. Pubkey.AsSpan(in holder)];
                return true;
            case ("spl-token" or "spl-token-2022", "initializeImmutableOwner"):
                accounts = Indices(info, keys, "account");
                data = [TokenInitializeImmutableOwner];
                return true;
            case ("spl-token" or "spl-token-2022", "syncNative"):
                accounts = Indices(info, keys, "account");
                data = [TokenSyncNative];
                return true;
            case ("spl-associated-token-account", "createIdempotent"):
                accounts = Indices(info, keys, "source", "account", "wallet", "mint", "systemProgram", "tokenProgram");
                data = [AssociatedCreateIdempotent];
                return true;
            default:
                return false;
        }
    }

    internal static byte[] Indices(JsonNode info, AccountList keys, params ReadOnlySpan<string> names)
    {
        var indices = new byte[names.Length];
        for (var i = 0; i < names.Length; i++)
        {
            indices[i] = keys.IndexOf(info[names[i]]);
        }

        return indices;
    }

    private static byte[] Authority(JsonNode info, AccountList keys, string single, string multiple) =>
        info.Has(multiple)
            ? [keys.IndexOf(info[multiple]), .. info["signers"].Elements().Select(keys.IndexOf)]
            : [keys.IndexOf(info[single])];

    internal static byte[] U32(uint value)
    {
        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }

    internal static byte[] U64(ulong value)
    {
        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return bytes;
    }
}
