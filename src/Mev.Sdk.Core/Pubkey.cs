using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mev.Sdk;

/// <summary>A Solana account address: 32 bytes, written in base58.</summary>
/// <remarks>An immutable value whose memory layout is the wire layout. Equality compares all bytes.</remarks>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = Size)]
public readonly struct Pubkey : IEquatable<Pubkey>, ISpanFormattable, IUtf8SpanFormattable, ISpanParsable<Pubkey>
{
    /// <summary>Bytes of a value.</summary>
    public const int Size = 32;

    /// <summary>Characters that always suffice for the base58 text.</summary>
    public const int MaxTextLength = 44;

    private readonly Words _words;

    /// <summary>Copies a value from its 32 bytes.</summary>
    /// <param name="bytes">Exactly 32 bytes.</param>
    /// <exception cref="ArgumentException">The length is not 32.</exception>
    public Pubkey(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
        {
            throw new ArgumentException($"A pubkey has {Size} bytes, got {bytes.Length}.", nameof(bytes));
        }

        this = MemoryMarshal.Read<Pubkey>(bytes);
    }

    /// <summary>Whether all bytes are zero.</summary>
    public bool IsZero => !AsSpan(in this).ContainsAnyExcept((byte)0);

    /// <summary>The bytes in place.</summary>
    /// <param name="value">The value to look at.</param>
    /// <returns>A span over the variable itself: it lives as long as the variable does.</returns>
    public static ReadOnlySpan<byte> AsSpan(ref readonly Pubkey value) =>
        MemoryMarshal.AsBytes(new ReadOnlySpan<Pubkey>(in value));

    /// <summary>Copies the bytes out.</summary>
    /// <param name="destination">At least 32 bytes.</param>
    public void CopyTo(Span<byte> destination) => AsSpan(in this).CopyTo(destination);

    /// <summary>Parses base58 text.</summary>
    /// <param name="s">The text.</param>
    /// <param name="provider">Not used: base58 has no culture.</param>
    /// <returns>The value.</returns>
    /// <exception cref="FormatException">The text is not the base58 form of exactly 32 bytes.</exception>
    public static Pubkey Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var value) ? value : throw new FormatException($"'{s}' is not the base58 text of a pubkey ({Size} bytes).");

    /// <inheritdoc cref="Parse(ReadOnlySpan{char}, IFormatProvider?)"/>
    public static Pubkey Parse(string s, IFormatProvider? provider = null)
    {
        ArgumentNullException.ThrowIfNull(s);
        return Parse(s.AsSpan(), provider);
    }

    /// <summary>Parses base58 text.</summary>
    /// <param name="s">The text.</param>
    /// <param name="provider">Not used: base58 has no culture.</param>
    /// <param name="value">The value, or zeros.</param>
    /// <returns>Whether the text is the base58 form of exactly 32 bytes.</returns>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out Pubkey value)
    {
        Unsafe.SkipInit(out value);
        Span<byte> ascii = stackalloc byte[MaxTextLength];
        if (s.Length > MaxTextLength || System.Text.Ascii.FromUtf16(s, ascii, out var length) != System.Buffers.OperationStatus.Done)
        {
            value = default;
            return false;
        }

        return TryParse(ascii[..length], out value);
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, IFormatProvider?, out Pubkey)"/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Pubkey value) =>
        TryParse(s.AsSpan(), provider, out value);

    /// <summary>Parses base58 text in ASCII or UTF-8.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="value">The value, or zeros.</param>
    /// <returns>Whether the text is the base58 form of exactly 32 bytes.</returns>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out Pubkey value)
    {
        value = default;
        return Base58.TryDecode32(utf8, MemoryMarshal.AsBytes(new Span<Pubkey>(ref value)));
    }

    /// <inheritdoc/>
    public bool Equals(Pubkey other) => AsSpan(in this).SequenceEqual(AsSpan(in other));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Pubkey other && Equals(other);

    /// <inheritdoc/>
    /// <remarks>Mixed with a per-process seed, because keys come from strangers who may choose them to collide.</remarks>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        for (var i = 0; i < Size / sizeof(ulong); i++)
        {
            hash.Add(_words[i]);
        }

        return hash.ToHashCode();
    }

    /// <summary>The base58 text.</summary>
    /// <returns>At most <see cref="MaxTextLength"/> characters.</returns>
    public override string ToString()
    {
        Span<byte> utf8 = stackalloc byte[MaxTextLength];
        var length = Base58.Encode32(AsSpan(in this), utf8);
        return System.Text.Encoding.ASCII.GetString(utf8[..length]);
    }

    /// <inheritdoc/>
    string IFormattable.ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format = default, IFormatProvider? provider = null)
    {
        Span<byte> utf8 = stackalloc byte[MaxTextLength];
        var length = Base58.Encode32(AsSpan(in this), utf8);
        return System.Text.Ascii.ToUtf16(utf8[..length], destination, out charsWritten) == System.Buffers.OperationStatus.Done;
    }

    /// <inheritdoc/>
    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format = default, IFormatProvider? provider = null)
    {
        Span<byte> utf8 = stackalloc byte[MaxTextLength];
        var length = Base58.Encode32(AsSpan(in this), utf8);
        bytesWritten = utf8[..length].TryCopyTo(utf8Destination) ? length : 0;
        return bytesWritten == length;
    }

    /// <summary>Whether all bytes are equal.</summary>
    public static bool operator ==(Pubkey left, Pubkey right) => left.Equals(right);

    /// <summary>Whether some byte differs.</summary>
    public static bool operator !=(Pubkey left, Pubkey right) => !left.Equals(right);

    [InlineArray(Size / sizeof(ulong))]
    private struct Words
    {
        private ulong _first;
    }
}
