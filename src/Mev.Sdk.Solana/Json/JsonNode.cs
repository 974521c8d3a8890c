using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Mev.Sdk.Solana.Json;

/// <summary>A JSON value that knows its path, so that every complaint names the place.</summary>
internal readonly struct JsonNode
{
    /// <summary>
    /// Longest data that is rendered as base58, bytes: the runtime's largest instruction data, an inner instruction's (10 KiB). Base58 takes time quadratic
    /// in the length both ways, so that data or text without a bound would let a small file take minutes.
    /// </summary>
    public const int MaxBase58Bytes = 10 << 10;

    /// <summary>Longest base58 text that is decoded, characters: what <see cref="MaxBase58Bytes"/> can need (13,985), and a little room.</summary>
    public const int MaxBase58Characters = 14_100;

    private readonly JsonElement _element;
    private readonly Location _location;

    private JsonNode(JsonElement element, Location location)
    {
        _element = element;
        _location = location;
    }

    public string Path => _location.ToString();

    public bool IsNull => _element.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined;

    public bool IsObject => _element.ValueKind == JsonValueKind.Object;

    public bool IsArray => _element.ValueKind == JsonValueKind.Array;

    public bool IsString => _element.ValueKind == JsonValueKind.String;

    public bool IsNumber => _element.ValueKind == JsonValueKind.Number;

    public static JsonNode Root(JsonElement element) => new(element, new Location(null, "$", 0));

    /// <summary>A member, or a null value when it is absent.</summary>
    public JsonNode this[string name]
    {
        get
        {
            if (!IsObject)
            {
                throw Fail($"an object with \"{name}\" was expected, this is {Kind()}");
            }

            _element.TryGetProperty(name, out var value);
            return new JsonNode(value, new Location(_location, name, 0));
        }
    }

    public bool Has(string name) => IsObject && _element.TryGetProperty(name, out _);

    /// <summary>The elements of an array; none of a null value.</summary>
    public IEnumerable<JsonNode> Elements()
    {
        if (IsNull)
        {
            yield break;
        }

        if (!IsArray)
        {
            throw Fail($"an array was expected, this is {Kind()}");
        }

        var index = 0;
        foreach (var element in _element.EnumerateArray())
        {
            yield return new JsonNode(element, new Location(_location, null, index++));
        }
    }

    public int Count => IsArray ? _element.GetArrayLength() : 0;

    /// <summary>The only member of an object.</summary>
    public (string Name, JsonNode Value) Single()
    {
        if (IsObject)
        {
            foreach (var property in _element.EnumerateObject())
            {
                try
                {
                    return (property.Name, new JsonNode(property.Value, new Location(_location, property.Name, 0)));
                }
                catch (InvalidOperationException)
                {
                    throw Fail("a member's name escapes half a character (an unpaired surrogate)");
                }
            }
        }

        throw Fail($"an object with one member was expected, this is {Kind()}");
    }

    public string Text()
    {
        if (!IsString)
        {
            throw Fail($"a string was expected, this is {Kind()}");
        }

        try
        {
            return _element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Fail("this string escapes half a character (an unpaired surrogate)");
        }
    }

    public ulong Number() => IsNumber && _element.TryGetUInt64(out var value) ? value : throw Fail($"a whole number from 0 to 2^64-1 was expected, this is {Kind()}");

    public long SignedNumber() => IsNumber && _element.TryGetInt64(out var value) ? value : throw Fail($"a whole number was expected, this is {Kind()}");

    public uint Number32() => Number() is <= uint.MaxValue and var value ? (uint)value : throw Fail("a number up to 4294967295 was expected");

    public byte Byte() => Number() is <= byte.MaxValue and var value ? (byte)value : throw Fail("a number from 0 to 255 was expected");

    public bool Flag() => _element.ValueKind is JsonValueKind.True or JsonValueKind.False ? _element.GetBoolean() : throw Fail($"true or false was expected, this is {Kind()}");

    /// <summary>A number that JSON writes as a string, because it may exceed what JavaScript counts to.</summary>
    public ulong NumberText() => ulong.TryParse(Text(), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
        ? value
        : throw Fail("a whole number from 0 to 2^64-1 was expected in this string");

    public Pubkey Key() => IsString && Pubkey.TryParse(Raw(), out var key) ? key : throw Fail("the base58 text of a 32-byte key was expected");

    public Signature Signature() => IsString && Sdk.Signature.TryParse(Raw(), out var signature) ? signature : throw Fail("the base58 text of a 64-byte signature was expected");

    /// <summary>The key, or zero when the value is null or absent.</summary>
    public Pubkey KeyOrZero() => IsNull ? default : Key();

    public byte[] FromBase58()
    {
        if (!IsString)
        {
            throw Fail($"base58 text was expected, this is {Kind()}");
        }

        var text = Raw();
        if (text.Length > MaxBase58Characters)
        {
            throw Fail(string.Create(CultureInfo.InvariantCulture, $"{text.Length} characters of base58 are more than the runtime's largest instruction data can need ({MaxBase58Characters})"));
        }

        var bytes = new byte[text.Length];
        return Base58.TryDecode(text, bytes, out var length) ? bytes.AsSpan(0, length).ToArray() : throw Fail("this is not base58 text");
    }

    public byte[] FromBase64()
    {
        var text = Text();
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? bytes.AsSpan(0, length).ToArray() : throw Fail("base64 text was expected");
    }

    public JsonShapeException Fail(string problem) => new(Path, problem);

    public string Kind() => _element.ValueKind switch
    {
        JsonValueKind.Undefined => "missing",
        JsonValueKind.Null => "null",
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        _ => "true or false",
    };

    // Base58 has no character that JSON escapes; a text with an escape in it fails to decode, as it should.
    private ReadOnlySpan<byte> Raw() => JsonMarshal.GetRawUtf8Value(_element)[1..^1];

    private sealed class Location(Location? parent, string? name, int index)
    {
        public override string ToString() =>
            parent is null ? name!
            : name is null ? string.Create(CultureInfo.InvariantCulture, $"{parent}[{index}]")
            : $"{parent}.{name}";
    }
}
