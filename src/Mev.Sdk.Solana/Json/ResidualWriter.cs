using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Mev.Sdk.Solana.Json;

/// <summary>Bytes of a residual as they are written.</summary>
internal sealed class ResidualWriter
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> _bytes = new(16);

    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    public void Byte(byte value) => _bytes.Write([value]);

    public void Number(long value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            Byte((byte)(value | 0x80));
        }

        Byte((byte)value);
    }

    /// <summary>A name: its place among the known ones, or behind them its length and text.</summary>
    public void Name(string name, string[] known)
    {
        var place = Array.IndexOf(known, name);
        if (place >= 0)
        {
            Number(place);
            return;
        }

        var utf8 = Encoding.UTF8.GetBytes(name);
        Number(known.Length + utf8.Length);
        _bytes.Write(utf8);
    }

    /// <summary>A value as compact JSON behind its length.</summary>
    public void Value(JsonElement value)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json, Compact))
        {
            value.WriteTo(writer);
        }

        Number(json.WrittenCount);
        _bytes.Write(json.WrittenSpan);
    }

    public void Append(ResidualWriter other) => _bytes.Write(other.Written);
}
