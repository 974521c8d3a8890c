using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Mev.Sdk.Solana.Instructions;

/// <summary>One instruction of a program as its source declares it: how it is told, what its accounts are called, what its arguments are.</summary>
internal sealed class InstructionLayout
{
    private const int AnchorBytes = 8;

    private readonly byte[] _tag;
    private readonly string[] _accounts;
    private readonly (string Name, string Type, int Offset)[] _fields;
    private readonly int _minAccounts;

    private InstructionLayout(string name, byte[] tag, string accounts, string fields, int minAccounts)
    {
        Name = name;
        _tag = tag;
        _accounts = accounts.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        _fields = Parse(fields, tag.Length);
        _minAccounts = minAccounts;
    }

    /// <summary>Nothing is known.</summary>
    public static InstructionLayout Unknown { get; } = new("", [], "", "", 0);

    public string Name { get; }

    /// <summary>An instruction told by its first bytes.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="tag">The bytes.</param>
    /// <param name="accounts">Names of its accounts, parted by blanks; <c>-</c> = a place without a name.</param>
    /// <param name="fields">Its arguments as NAME:TYPE with bool, u8, u16, u32, u64, u128, key or utf8 (the rest); NAME:TYPE@N stands N bytes before the end of the data.</param>
    /// <param name="minAccounts">Fewer accounts mean another layout.</param>
    public static InstructionLayout Tagged(string name, byte[] tag, string accounts = "", string fields = "", int minAccounts = 0) => new(name, tag, accounts, fields, minAccounts);

    /// <summary>An instruction of a program made with Anchor; its tag is the start of <c>sha256("global:snake_name")</c>.</summary>
    public static InstructionLayout Anchor(string snakeName, string accounts = "", string fields = "") =>
        new(Camel(snakeName), Discriminator(snakeName), accounts, fields, 0);

    public static byte[] Discriminator(string snakeName) => SHA256.HashData(Encoding.ASCII.GetBytes("global:" + snakeName))[..AnchorBytes];

    public static string Camel(string snakeName) => string.Concat(snakeName.Split('_').Select(static (word, i) => i == 0 || word.Length == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));

    public bool Matches(ReadOnlySpan<byte> data, int accounts) => data.StartsWith(_tag) && accounts >= _minAccounts;

    public string? AccountName(int place) => place < _accounts.Length && _accounts[place] != "-" ? _accounts[place] : null;

    /// <summary>The arguments up to the first that the data does not hold.</summary>
    public InstructionField[] ReadFields(ReadOnlySpan<byte> data)
    {
        var fields = new List<InstructionField>(_fields.Length);
        foreach (var (name, type, offset) in _fields)
        {
            var at = offset < 0 ? data.Length + offset : offset;
            if (at < _tag.Length || Read(type, at <= data.Length ? data[at..] : default) is not { } value)
            {
                break;
            }

            fields.Add(new InstructionField(name, value));
        }

        return [.. fields];
    }

    private static string? Read(string type, ReadOnlySpan<byte> data) => type switch
    {
        "u8" when data.Length >= 1 => Text(data[0]),
        "bool" when data.Length >= 1 => data[0] == 0 ? "false" : "true",
        "u16" when data.Length >= sizeof(ushort) => Text(BinaryPrimitives.ReadUInt16LittleEndian(data)),
        "u32" when data.Length >= sizeof(uint) => Text(BinaryPrimitives.ReadUInt32LittleEndian(data)),
        "u64" when data.Length >= sizeof(ulong) => Text(BinaryPrimitives.ReadUInt64LittleEndian(data)),
        "u128" when data.Length >= 16 => BinaryPrimitives.ReadUInt128LittleEndian(data).ToString(CultureInfo.InvariantCulture),
        "key" when data.Length >= Pubkey.Size => new Pubkey(data[..Pubkey.Size]).ToString(),
        "utf8" => Encoding.UTF8.GetString(data),
        _ => null,
    };

    private static string Text(ulong value) => value.ToString(CultureInfo.InvariantCulture);

    private static (string Name, string Type, int Offset)[] Parse(string fields, int start)
    {
        var parts = fields.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var parsed = new (string, string, int)[parts.Length];
        for (var (i, at) = (0, start); i < parts.Length; i++)
        {
            // NAME:TYPE, or NAME:TYPE@N with N bytes before the end of the data.
            var (name, rest) = (parts[i][..parts[i].IndexOf(':', StringComparison.Ordinal)], parts[i][(parts[i].IndexOf(':', StringComparison.Ordinal) + 1)..]);
            var (type, fromEnd) = rest.Split('@') is [var plain, var n] ? (plain, int.Parse(n, CultureInfo.InvariantCulture)) : (rest, 0);
            parsed[i] = (name, type, fromEnd > 0 ? -fromEnd : at);
            at += fromEnd > 0 ? 0 : SizeOf(type);
        }

        return parsed;
    }

    private static int SizeOf(string type) => type switch
    {
        "u8" or "bool" => 1,
        "u16" => sizeof(ushort),
        "u32" => sizeof(uint),
        "u64" => sizeof(ulong),
        "u128" => 16,
        "key" => Pubkey.Size,
        "utf8" => 0,
        _ => throw new ArgumentException($"'{type}' is no type of an argument.", nameof(type)),
    };
}
