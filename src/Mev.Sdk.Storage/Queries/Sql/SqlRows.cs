using System.Data.Common;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Mev.Sdk.Storage.Queries;

/// <summary>Reads the result of a <see cref="SqlStatement"/> from an ADO.NET reader of any of the databases.</summary>
public static class SqlRows
{
    /// <summary>Reads rows as they come.</summary>
    /// <param name="reader">Before the first row; stays the caller's.</param>
    /// <param name="statement">The statement that it answers.</param>
    /// <param name="cancellationToken">Gives up between rows.</param>
    /// <returns>The rows.</returns>
    /// <exception cref="InvalidDataException">A value is not what the statement says.</exception>
    public static async IAsyncEnumerable<HistoryRow> ReadAsync(
        DbDataReader reader, SqlStatement statement, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(statement);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return Read(reader, statement);
        }
    }

    /// <summary>Reads the current row.</summary>
    /// <param name="reader">On a row.</param>
    /// <param name="statement">The statement that it answers.</param>
    /// <returns>The row.</returns>
    /// <exception cref="InvalidDataException">A value is not what the statement says.</exception>
    public static HistoryRow Read(DbDataReader reader, SqlStatement statement)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(statement);
        var values = new HistoryValue[statement.Fields.Count];
        for (var i = 0; i < values.Length; i++)
        {
            // A decimal holds 96 bits only: PostgreSQL's numeric is read as what it is here, a whole number.
            values[i] = reader.IsDBNull(i) ? default
                : statement.Fields[i].Kind == HistoryValueKind.Integer && reader.GetFieldType(i) == typeof(decimal) ? HistoryValue.Integer((Int128)reader.GetFieldValue<BigInteger>(i))
                : Value(reader.GetValue(i), statement.Fields[i]);
        }

        return new HistoryRow(values);
    }

    private static HistoryValue Value(object value, SqlField field) => field.Kind switch
    {
        HistoryValueKind.Integer => HistoryValue.Integer(Unsigned(Integer(value, field), field.SignedBytes)),
        HistoryValueKind.Timestamp => HistoryValue.Timestamp((long)Integer(value, field)),
        HistoryValueKind.Float => HistoryValue.Float(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
        HistoryValueKind.Boolean => value is bool truth ? truth : Integer(value, field) != 0,
        HistoryValueKind.Bytes => HistoryValue.Bytes(Bytes(value, field)),
        _ => HistoryValue.Text(value as string ?? throw Unexpected(value, field)),
    };

    private static Int128 Unsigned(Int128 number, int bytes) => number < 0 && bytes > 0 ? number + (Int128.One << (8 * bytes)) : number;

    private static Int128 Integer(object value, SqlField field) => value switch
    {
        long number => number,
        ulong number => number,
        int number => number,
        uint number => number,
        short number => number,
        ushort number => number,
        byte number => number,
        sbyte number => number,
        BigInteger number => (Int128)number,
        Int128 number => number,
        UInt128 number => (Int128)number,
        decimal number => (Int128)number,
        _ => throw Unexpected(value, field),
    };

    private static byte[] Bytes(object value, SqlField field)
    {
        switch (value)
        {
            case byte[] bytes:
                return bytes;
            case Stream stream:
                using (stream)
                {
                    var copy = new byte[stream.Length];
                    stream.ReadExactly(copy);
                    return copy;
                }

            default:
                throw Unexpected(value, field);
        }
    }

    private static InvalidDataException Unexpected(object value, SqlField field) => new(
        $"The database gave a {value.GetType().Name} for '{field.Name}', which is {field.Kind}: its tables are not those of this version of the SDK; run its migrations or build it again from the log.");
}
