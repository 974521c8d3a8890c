using System.Runtime.CompilerServices;
using Mev.Sdk.Storage.Columnar.Columns;

namespace Mev.Sdk.Storage.Columnar;

/// <summary>Describes a table column by column.</summary>
/// <remarks>Not thread-safe. Every method returns the builder itself; a name may be used once.</remarks>
/// <typeparam name="TRow">What a row is made from.</typeparam>
/// <example>
/// <code>
/// var schema = new TableSchemaBuilder&lt;Quote&gt;("quotes").UInt64("slot", (in q) =&gt; q.Slot).Double("price", (in q) =&gt; q.Price).SortBy("slot").Build();
/// </code>
/// </example>
public sealed class TableSchemaBuilder<TRow>
    where TRow : allows ref struct
{
    private readonly string _name;
    private readonly List<ColumnDescription> _columns = [];
    private readonly List<CellAppender<TRow>> _cells = [];
    private int[] _sortedBy = [];

    /// <summary>Begins a table.</summary>
    /// <param name="name">Its name.</param>
    public TableSchemaBuilder(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        _name = name;
    }

    /// <summary>Adds a column of true and false, which may be null.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value; null = none.</param>
    /// <returns>This builder.</returns>
    public TableSchemaBuilder<TRow> Boolean(string name, ColumnValue<TRow, bool?> value) =>
        Add(name, ColumnType.Boolean, 1, isNullable: true, (in row, buffer) => Put(buffer, value(in row) is { } flag ? (byte?)(flag ? 1 : 0) : null));

    /// <summary>Adds a column of bytes as numbers.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <returns>This builder.</returns>
    public TableSchemaBuilder<TRow> UInt8(string name, ColumnValue<TRow, byte> value) => AddNumber(name, ColumnType.UInt8, value);

    /// <summary>Adds a column of numbers of 16 bits.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <returns>This builder.</returns>
    public TableSchemaBuilder<TRow> UInt16(string name, ColumnValue<TRow, ushort> value) => AddNumber(name, ColumnType.UInt16, value);

    /// <summary>Adds a column of numbers of 32 bits.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <returns>This builder.</returns>
    public TableSchemaBuilder<TRow> UInt32(string name, ColumnValue<TRow, uint> value) => AddNumber(name, ColumnType.UInt32, value);

    /// <summary>Adds a column of numbers of 64 bits.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <returns>This builder.</returns>
    public TableSchemaBuilder<TRow> UInt64(string name, ColumnValue<TRow, ulong> value) => AddNumber(name, ColumnType.UInt64, value);

    /// <summary>Adds a column of numbers of 64 bits, which may be null.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value; null = none.</param>
    /// <returns>This builder.</returns>
    public TableSchemaBuilder<TRow> OptionalUInt64(string name, ColumnValue<TRow, ulong?> value) => AddOptional(name, ColumnType.UInt64, value);

    /// <summary>Adds a column of numbers of 16 bits, which may be null.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value; null = none.</param>
    /// <returns>This builder.</returns>
    public TableSchemaBuilder<TRow> OptionalUInt16(string name, ColumnValue<TRow, ushort?> value) => AddOptional(name, ColumnType.UInt16, value);

    /// <summary>Adds a column of numbers of 8 bits, which may be null.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value; null = none.</param>
    /// <returns>This builder.</returns>
    public TableSchemaBuilder<TRow> OptionalUInt8(string name, ColumnValue<TRow, byte?> value) => AddOptional(name, ColumnType.UInt8, value);

    /// <summary>Adds a column of signed numbers of 64 bits.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <returns>This builder.</returns>
    public TableSchemaBuilder<TRow> Int64(string name, ColumnValue<TRow, long> value) => AddNumber(name, ColumnType.Int64, value);

    /// <summary>Adds a column of floating-point numbers of 32 bits.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <returns>This builder.</returns>
    public TableSchemaBuilder<TRow> Float(string name, ColumnValue<TRow, float> value) => AddNumber(name, ColumnType.Float, value);

    /// <summary>Adds a column of floating-point numbers of 32 bits, which may be null.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value; null = none.</param>
    /// <returns>This builder.</returns>
    public TableSchemaBuilder<TRow> OptionalFloat(string name, ColumnValue<TRow, float?> value) => AddOptional(name, ColumnType.Float, value);

    /// <summary>Adds a column of floating-point numbers of 64 bits.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <returns>This builder.</returns>
    public TableSchemaBuilder<TRow> Double(string name, ColumnValue<TRow, double> value) => AddNumber(name, ColumnType.Double, value);

    /// <summary>Adds a column of floating-point numbers of 64 bits, which may be null.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value; null = none.</param>
    /// <returns>This builder.</returns>
    public TableSchemaBuilder<TRow> OptionalDouble(string name, ColumnValue<TRow, double?> value) => AddOptional(name, ColumnType.Double, value);

    /// <summary>Adds a column of instants from nanoseconds since the Unix epoch; 0 and what lies behind the year 2262 are null.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="nanoseconds">Its value.</param>
    /// <returns>This builder.</returns>
    public TableSchemaBuilder<TRow> Timestamp(string name, ColumnValue<TRow, ulong> nanoseconds) =>
        Add(name, ColumnType.Timestamp, sizeof(long), isNullable: true, (in row, buffer) => Put(buffer, nanoseconds(in row) is > 0 and <= long.MaxValue and var time ? (long?)time : null));

    /// <summary>Adds a column of instants; null and what lies outside the years 1678 to 2261 are null.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="instant">Its value; null = none.</param>
    /// <returns>This builder.</returns>
    public TableSchemaBuilder<TRow> Instant(string name, ColumnValue<TRow, DateTimeOffset?> instant) =>
        Add(name, ColumnType.Timestamp, sizeof(long), isNullable: true, (in row, buffer) => Put(buffer, Nanoseconds(instant(in row))));

    /// <summary>Adds a column of keys; a key of zeros is null.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <returns>This builder.</returns>
    public TableSchemaBuilder<TRow> Key(string name, ColumnValue<TRow, Pubkey> value) =>
        Add(name, ColumnType.Fixed, Pubkey.Size, isNullable: true, (in row, buffer) =>
        {
            var key = value(in row);
            buffer.AddOrNull(key.IsZero ? [] : Pubkey.AsSpan(in key));
        });

    /// <summary>Adds a column of signatures; a signature of zeros is null.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <returns>This builder.</returns>
    public TableSchemaBuilder<TRow> Signature(string name, ColumnValue<TRow, Signature> value) =>
        Add(name, ColumnType.Fixed, Sdk.Signature.Size, isNullable: true, (in row, buffer) =>
        {
            var signature = value(in row);
            buffer.AddOrNull(signature.IsZero ? [] : Sdk.Signature.AsSpan(in signature));
        });

    /// <summary>Adds a column of UTF-8 text. What is no UTF-8 is kept as it is, and readers may refuse it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <returns>This builder.</returns>
    public TableSchemaBuilder<TRow> Text(string name, ColumnValue<TRow, ReadOnlySpan<byte>> value) =>
        Add(name, ColumnType.Text, 0, isNullable: false, (in row, buffer) => buffer.Add(value(in row)));

    /// <summary>Adds a column of text, which may be null.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value; null = none.</param>
    /// <returns>This builder.</returns>
    public TableSchemaBuilder<TRow> String(string name, ColumnValue<TRow, string?> value) =>
        Add(name, ColumnType.Text, 0, isNullable: true, (in row, buffer) =>
        {
            if (value(in row) is { } text)
            {
                buffer.Add(text);
            }
            else
            {
                buffer.AddNull();
            }
        });

    /// <summary>Adds a column of bytes.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <returns>This builder.</returns>
    public TableSchemaBuilder<TRow> Bytes(string name, ColumnValue<TRow, ReadOnlySpan<byte>> value) =>
        Add(name, ColumnType.Bytes, 0, isNullable: false, (in row, buffer) => buffer.Add(value(in row)));

    /// <summary>Says what the rows of every row group are sorted by.</summary>
    /// <param name="columns">Names of columns of type <see cref="ColumnType.UInt64"/> that are never null, most significant first.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException">There is no such column, or it is of another type.</exception>
    public TableSchemaBuilder<TRow> SortBy(params IReadOnlyList<string> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        _sortedBy = [.. columns.Select(name => _columns.FindIndex(column => column.Name == name && column is { Type: ColumnType.UInt64, IsNullable: false }) is >= 0 and var index
            ? index
            : throw new ArgumentException($"'{name}' is no column of 64-bit numbers that are never null; rows are sorted by such columns only.", nameof(columns)))];
        return this;
    }

    /// <summary>Ends the description.</summary>
    /// <returns>The table.</returns>
    /// <exception cref="InvalidOperationException">It has no columns.</exception>
    public TableSchema<TRow> Build() => _columns.Count > 0
        ? new TableSchema<TRow>(_name, [.. _columns], [.. _cells], _sortedBy)
        : throw new InvalidOperationException($"The table '{_name}' has no columns; add some.");

    private static void Put<T>(ColumnBuffer buffer, T? value)
        where T : unmanaged
    {
        if (value is { } some)
        {
            buffer.AddNumber(some);
        }
        else
        {
            buffer.AddNull();
        }
    }

    // 100 ns a tick; the range of 64-bit nanoseconds ends in 1677 and 2262.
    private static long? Nanoseconds(DateTimeOffset? instant)
    {
        if (instant is not { } some || some.UtcDateTime.Year is < 1678 or > 2261)
        {
            return null;
        }

        return (some.UtcDateTime - DateTime.UnixEpoch).Ticks * 100;
    }

    private TableSchemaBuilder<TRow> AddNumber<T>(string name, ColumnType type, ColumnValue<TRow, T> value)
        where T : unmanaged => Add(name, type, Unsafe.SizeOf<T>(), isNullable: false, (in row, buffer) => buffer.AddNumber(value(in row)));

    private TableSchemaBuilder<TRow> AddOptional<T>(string name, ColumnType type, ColumnValue<TRow, T?> value)
        where T : unmanaged => Add(name, type, Unsafe.SizeOf<T>(), isNullable: true, (in row, buffer) => Put(buffer, value(in row)));

    private TableSchemaBuilder<TRow> Add(string name, ColumnType type, int width, bool isNullable, CellAppender<TRow> cell)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (_columns.Any(column => column.Name == name))
        {
            throw new ArgumentException($"The table '{_name}' has a column '{name}' already.", nameof(name));
        }

        _columns.Add(new ColumnDescription(name, type, width, isNullable));
        _cells.Add(cell);
        return this;
    }
}
