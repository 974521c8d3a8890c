using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Mev.Sdk.Storage.Queries;

/// <summary>Reads the result of a <see cref="SqlStatement"/> in ClickHouse's <c>RowBinaryWithNamesAndTypes</c>, and writes parameters as its HTTP interface takes them.</summary>
public static class SqlRowBinary
{
    /// <summary>The format to ask for.</summary>
    public const string Format = "RowBinaryWithNamesAndTypes";

    /// <summary>The value of a query-string parameter <c>param_NAME</c>.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <returns>Its text, escaped for the server but not for a URL.</returns>
    public static string TextOf(SqlParameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return parameter.Value switch
        {
            string text => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal),
            double number => number.ToString("R", CultureInfo.InvariantCulture),
            IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
            var other => throw new ArgumentException($"A {other.GetType().Name} is no parameter of ClickHouse.", nameof(parameter)),
        };
    }

    /// <summary>Reads rows as they are asked for.</summary>
    /// <param name="result">The whole result; must stay as it is until the last row was taken.</param>
    /// <param name="statement">The statement that it answers.</param>
    /// <returns>The rows.</returns>
    /// <exception cref="InvalidDataException">It is cut off, or not what the statement says.</exception>
    public static IEnumerable<HistoryRow> Read(ReadOnlyMemory<byte> result, SqlStatement statement)
    {
        ArgumentNullException.ThrowIfNull(statement);
        var at = 0;
        var columns = (int)Length(result.Span, ref at);
        if (columns != statement.Fields.Count)
        {
            throw new InvalidDataException($"The database gave {columns} columns where the statement has {statement.Fields.Count}.");
        }

        for (var i = 0; i < columns; i++)
        {
            Take(result.Span, ref at, Length(result.Span, ref at)); // c0, c1 …
        }

        var types = new string[columns];
        for (var i = 0; i < columns; i++)
        {
            types[i] = Encoding.UTF8.GetString(Take(result.Span, ref at, Length(result.Span, ref at)));
        }

        while (at < result.Length)
        {
            var values = new HistoryValue[columns];
            for (var i = 0; i < columns; i++)
            {
                values[i] = Value(result.Span, ref at, types[i], statement.Fields[i]);
            }

            yield return new HistoryRow(values);
        }
    }

    private static HistoryValue Value(ReadOnlySpan<byte> result, ref int at, ReadOnlySpan<char> type, SqlField field)
    {
        if (Inner(ref type, "LowCardinality(") | Inner(ref type, "Nullable(") && Take(result, ref at, 1)[0] != 0)
        {
            return HistoryValue.Null;
        }

        if (type is "String" || type.StartsWith("FixedString(", StringComparison.Ordinal))
        {
            var bytes = Take(result, ref at, type is "String" ? Length(result, ref at) : ulong.Parse(type[12..^1], NumberStyles.None, CultureInfo.InvariantCulture));
            return field.Kind switch
            {
                HistoryValueKind.Bytes => HistoryValue.Bytes(bytes.ToArray()),
                HistoryValueKind.Text => Encoding.UTF8.GetString(bytes),
                _ => throw Unexpected(type, field),
            };
        }

        switch (type)
        {
            case "Float32" when field.Kind == HistoryValueKind.Float:
                return (double)BinaryPrimitives.ReadSingleLittleEndian(Take(result, ref at, sizeof(float)));
            case "Float64" when field.Kind == HistoryValueKind.Float:
                return BinaryPrimitives.ReadDoubleLittleEndian(Take(result, ref at, sizeof(double)));
            case "Bool" when field.Kind == HistoryValueKind.Boolean:
                return Take(result, ref at, 1)[0] != 0;
        }

        var number = type switch
        {
            "UInt8" => Take(result, ref at, 1)[0],
            "Int8" => (sbyte)Take(result, ref at, 1)[0],
            "UInt16" => Read<ushort>(result, ref at),
            "Int16" => Read<short>(result, ref at),
            "UInt32" => Read<uint>(result, ref at),
            "Int32" => Read<int>(result, ref at),
            "UInt64" => Read<ulong>(result, ref at),
            "Int64" => Read<long>(result, ref at),
            "Int128" => Read<Int128>(result, ref at),
            "UInt128" => (Int128)Read<UInt128>(result, ref at),
            _ => throw Unexpected(type, field),
        };
        return field.Kind switch
        {
            HistoryValueKind.Integer => HistoryValue.Integer(number),
            HistoryValueKind.Timestamp => HistoryValue.Timestamp((long)number),
            HistoryValueKind.Boolean => number != 0,
            _ => throw Unexpected(type, field),
        };
    }

    private static bool Inner(ref ReadOnlySpan<char> type, string wrapper)
    {
        if (!type.StartsWith(wrapper, StringComparison.Ordinal))
        {
            return false;
        }

        type = type[wrapper.Length..^1];
        return wrapper[0] == 'N';
    }

    private static T Read<T>(ReadOnlySpan<byte> result, ref int at)
        where T : unmanaged => MemoryMarshal.Read<T>(Take(result, ref at, (ulong)Marshal.SizeOf<T>()));

    private static ulong Length(ReadOnlySpan<byte> result, ref int at)
    {
        ulong length = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var part = Take(result, ref at, 1)[0];
            length |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return length;
            }
        }

        throw new InvalidDataException("The database's answer has a length that is none.");
    }

    private static ReadOnlySpan<byte> Take(ReadOnlySpan<byte> result, ref int at, ulong bytes)
    {
        if (bytes > (ulong)(result.Length - at))
        {
            throw new InvalidDataException("The database's answer is cut off: ask again, and look into its log.");
        }

        var taken = result.Slice(at, (int)bytes);
        at += (int)bytes;
        return taken;
    }

    private static InvalidDataException Unexpected(ReadOnlySpan<char> type, SqlField field) => new(
        $"The database gave a {type} for '{field.Name}', which is {field.Kind}: its tables are not those of this version of the SDK; run its migrations or build it again from the log.");
}
