using System.Globalization;
using System.Text;

namespace Mev.Sdk.Storage.Queries;

/// <summary>One value of a history answer, or one that a query compares with: the same whichever database it came from.</summary>
/// <remarks>
/// Immutable. Integers of every width, counts and sums are one kind, 128 bits wide, so that nothing overflows and nothing is rounded. Text is ordered by its UTF-8 bytes,
/// bytes from the first on, null behind everything.
/// </remarks>
public readonly struct HistoryValue : IEquatable<HistoryValue>, IComparable<HistoryValue>
{
    private readonly object? _object;
    private readonly HistoryValueKind _kind;
    private readonly Int128 _number;

    private HistoryValue(HistoryValueKind kind, Int128 number, object? value = null)
    {
        _kind = kind;
        _number = number;
        _object = value;
    }

    /// <summary>Nothing.</summary>
    public static HistoryValue Null => default;

    /// <summary>What it is.</summary>
    public HistoryValueKind Kind => _kind;

    /// <summary>Whether it is nothing.</summary>
    public bool IsNull => _kind == HistoryValueKind.Null;

    /// <summary>Makes a whole number.</summary>
    /// <param name="value">The number.</param>
    /// <returns>The value.</returns>
    public static HistoryValue Integer(Int128 value) => new(HistoryValueKind.Integer, value);

    /// <summary>Makes a number.</summary>
    /// <param name="value">A finite number; negative zero becomes zero.</param>
    /// <returns>The value.</returns>
    /// <exception cref="ArgumentOutOfRangeException">It is not finite.</exception>
    public static HistoryValue Float(double value) => double.IsFinite(value)
        ? new(HistoryValueKind.Float, BitConverter.DoubleToInt64Bits(value + 0d))
        : throw new ArgumentOutOfRangeException(nameof(value), value, "The history holds finite numbers only: where there is none, it has a null.");

    /// <summary>Makes a truth value.</summary>
    /// <param name="value">True or false.</param>
    /// <returns>The value.</returns>
    public static HistoryValue Boolean(bool value) => new(HistoryValueKind.Boolean, value ? 1 : 0);

    /// <summary>Makes an instant.</summary>
    /// <param name="microseconds">Microseconds since the Unix epoch, UTC.</param>
    /// <returns>The value.</returns>
    public static HistoryValue Timestamp(long microseconds) => new(HistoryValueKind.Timestamp, microseconds);

    /// <summary>Makes an instant.</summary>
    /// <param name="value">When; parts of a microsecond are cut off.</param>
    /// <returns>The value.</returns>
    public static HistoryValue Timestamp(DateTimeOffset value) =>
        Timestamp(long.CreateChecked((Int128)Math.Floor((value.UtcTicks - DateTime.UnixEpoch.Ticks) / (decimal)TimeSpan.TicksPerMicrosecond)));

    /// <summary>Makes bytes.</summary>
    /// <param name="value">The bytes; kept, not copied.</param>
    /// <returns>The value.</returns>
    public static HistoryValue Bytes(byte[] value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new(HistoryValueKind.Bytes, 0, value);
    }

    /// <summary>Makes the bytes of a key.</summary>
    /// <param name="value">The key.</param>
    /// <returns>The value.</returns>
    public static HistoryValue Key(Pubkey value) => Bytes(Pubkey.AsSpan(in value).ToArray());

    /// <summary>Makes the bytes of a signature.</summary>
    /// <param name="value">The signature.</param>
    /// <returns>The value.</returns>
    public static HistoryValue Signature(Signature value) => Bytes(Mev.Sdk.Signature.AsSpan(in value).ToArray());

    /// <summary>Makes text.</summary>
    /// <param name="value">The text.</param>
    /// <returns>The value.</returns>
    public static HistoryValue Text(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new(HistoryValueKind.Text, 0, value);
    }

    /// <summary>The whole number.</summary>
    /// <exception cref="InvalidOperationException">It is none.</exception>
    public Int128 AsInteger() => Is(HistoryValueKind.Integer)._number;

    /// <summary>The whole number, of a column that holds no greater ones.</summary>
    /// <exception cref="InvalidOperationException">It is none.</exception>
    /// <exception cref="OverflowException">It is negative, or beyond 64 bits.</exception>
    public ulong AsUInt64() => checked((ulong)AsInteger());

    /// <summary>The whole number, of a column that holds no greater ones.</summary>
    /// <exception cref="InvalidOperationException">It is none.</exception>
    /// <exception cref="OverflowException">It is beyond 64 bits.</exception>
    public long AsInt64() => checked((long)AsInteger());

    /// <summary>The number.</summary>
    /// <exception cref="InvalidOperationException">It is none.</exception>
    public double AsFloat() => BitConverter.Int64BitsToDouble((long)Is(HistoryValueKind.Float)._number);

    /// <summary>The truth value.</summary>
    /// <exception cref="InvalidOperationException">It is none.</exception>
    public bool AsBoolean() => Is(HistoryValueKind.Boolean)._number != 0;

    /// <summary>The instant, microseconds since the Unix epoch, UTC.</summary>
    /// <exception cref="InvalidOperationException">It is none.</exception>
    public long AsMicroseconds() => (long)Is(HistoryValueKind.Timestamp)._number;

    /// <summary>The instant.</summary>
    /// <exception cref="InvalidOperationException">It is none.</exception>
    /// <exception cref="ArgumentOutOfRangeException">It lies outside the years 1 to 9999.</exception>
    public DateTimeOffset AsTimestamp() => DateTimeOffset.UnixEpoch.AddTicks(checked(AsMicroseconds() * TimeSpan.TicksPerMicrosecond));

    /// <summary>The bytes; not to be changed.</summary>
    /// <exception cref="InvalidOperationException">It is none.</exception>
    public ReadOnlyMemory<byte> AsBytes() => (byte[])Is(HistoryValueKind.Bytes)._object!;

    /// <summary>The text.</summary>
    /// <exception cref="InvalidOperationException">It is none.</exception>
    public string AsText() => (string)Is(HistoryValueKind.Text)._object!;

    /// <summary>The key of 32 bytes.</summary>
    /// <exception cref="InvalidOperationException">It is no bytes.</exception>
    /// <exception cref="ArgumentException">It has another length.</exception>
    public Pubkey AsKey() => new(AsBytes().Span);

    /// <summary>The signature of 64 bytes.</summary>
    /// <exception cref="InvalidOperationException">It is no bytes.</exception>
    /// <exception cref="ArgumentException">It has another length.</exception>
    public Signature AsSignature() => new(AsBytes().Span);

    /// <inheritdoc/>
    public int CompareTo(HistoryValue other)
    {
        if (_kind != other._kind)
        {
            // Null is behind everything; values of two kinds meet only by mistake and still need an order.
            return IsNull ? 1 : other.IsNull ? -1 : _kind.CompareTo(other._kind);
        }

        return _kind switch
        {
            HistoryValueKind.Null => 0,
            HistoryValueKind.Float => AsFloat().CompareTo(other.AsFloat()),
            HistoryValueKind.Bytes => ((byte[])_object!).AsSpan().SequenceCompareTo((byte[])other._object!),
            HistoryValueKind.Text => CompareText((string)_object!, (string)other._object!),
            _ => _number.CompareTo(other._number),
        };
    }

    /// <inheritdoc/>
    public bool Equals(HistoryValue other) => _kind == other._kind && _kind switch
    {
        HistoryValueKind.Bytes => ((byte[])_object!).AsSpan().SequenceEqual((byte[])other._object!),
        HistoryValueKind.Text => string.Equals((string)_object!, (string)other._object!, StringComparison.Ordinal),
        _ => _number == other._number,
    };

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is HistoryValue other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        if (_object is byte[] bytes)
        {
            var hash = default(HashCode);
            hash.AddBytes(bytes);
            return hash.ToHashCode();
        }

        return _object is string text ? text.GetHashCode(StringComparison.Ordinal) : HashCode.Combine((int)_kind, _number);
    }

    /// <summary>The value as text that a query can be given again: numbers in decimal, instants in ISO 8601 with microseconds (beyond the years 1 to 9999 as microseconds), keys and signatures in base58, other bytes as <c>0x</c> and hexadecimal digits.</summary>
    public override string ToString() => _kind switch
    {
        HistoryValueKind.Null => "null",
        HistoryValueKind.Float => AsFloat().ToString("R", CultureInfo.InvariantCulture),
        HistoryValueKind.Boolean => AsBoolean() ? "true" : "false",
        HistoryValueKind.Timestamp => FormatTime((long)_number),
        HistoryValueKind.Bytes => FormatBytes((byte[])_object!),
        HistoryValueKind.Text => (string)_object!,
        _ => _number.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>Compares.</summary>
    public static bool operator ==(HistoryValue left, HistoryValue right) => left.Equals(right);

    /// <summary>Compares.</summary>
    public static bool operator !=(HistoryValue left, HistoryValue right) => !left.Equals(right);

    /// <summary>Compares.</summary>
    public static bool operator <(HistoryValue left, HistoryValue right) => left.CompareTo(right) < 0;

    /// <summary>Compares.</summary>
    public static bool operator >(HistoryValue left, HistoryValue right) => left.CompareTo(right) > 0;

    /// <summary>Compares.</summary>
    public static bool operator <=(HistoryValue left, HistoryValue right) => left.CompareTo(right) <= 0;

    /// <summary>Compares.</summary>
    public static bool operator >=(HistoryValue left, HistoryValue right) => left.CompareTo(right) >= 0;

    /// <summary>A whole number.</summary>
    public static implicit operator HistoryValue(int value) => Integer(value);

    /// <summary>A whole number.</summary>
    public static implicit operator HistoryValue(uint value) => Integer(value);

    /// <summary>A whole number.</summary>
    public static implicit operator HistoryValue(long value) => Integer(value);

    /// <summary>A whole number.</summary>
    public static implicit operator HistoryValue(ulong value) => Integer(value);

    /// <summary>A number.</summary>
    public static implicit operator HistoryValue(double value) => Float(value);

    /// <summary>A truth value.</summary>
    public static implicit operator HistoryValue(bool value) => Boolean(value);

    /// <summary>Text.</summary>
    public static implicit operator HistoryValue(string value) => Text(value);

    /// <summary>The bytes of a key.</summary>
    public static implicit operator HistoryValue(Pubkey value) => Key(value);

    /// <summary>The bytes of a signature.</summary>
    public static implicit operator HistoryValue(Signature value) => Signature(value);

    /// <summary>An instant.</summary>
    public static implicit operator HistoryValue(DateTimeOffset value) => Timestamp(value);

    // Databases order text by its bytes. UTF-16 units come in another order where surrogates meet U+E000 to U+FFFF.
    private static int CompareText(string left, string right)
    {
        var length = left.AsSpan().CommonPrefixLength(right);
        if (length == left.Length || length == right.Length)
        {
            return left.Length.CompareTo(right.Length);
        }

        // In UTF-8 every surrogate pair is behind every other character.
        var (a, b) = (left[length], right[length]);
        return char.IsSurrogate(a) == char.IsSurrogate(b) ? a.CompareTo(b) : char.IsSurrogate(a) ? 1 : -1;
    }

    private static string FormatTime(long microseconds)
    {
        try
        {
            return DateTimeOffset.UnixEpoch.AddTicks(checked(microseconds * TimeSpan.TicksPerMicrosecond)).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or OverflowException)
        {
            return microseconds.ToString(CultureInfo.InvariantCulture);
        }
    }

    private static string FormatBytes(byte[] bytes) => bytes.Length switch
    {
        Pubkey.Size or Mev.Sdk.Signature.Size => Base58.Encode(bytes),
        _ => new StringBuilder("0x").Append(Convert.ToHexStringLower(bytes)).ToString(),
    };

    private HistoryValue Is(HistoryValueKind kind) => _kind == kind ? this : throw new InvalidOperationException($"The value is {_kind}, not {kind}.");
}
