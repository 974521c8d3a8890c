using System.Globalization;
using System.IO.Hashing;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Tiers;

/// <summary>How many rows there are and what they add up to, in whatever order and database.</summary>
/// <param name="Rows">How many.</param>
/// <param name="Sum">XXH3-128 of every row's bytes in RowBinary, added up modulo 2^128.</param>
/// <remarks>Tells damage and mistakes, not somebody who forges rows on purpose.</remarks>
public readonly record struct RowSum(long Rows, UInt128 Sum)
{
    /// <summary>Adds rows.</summary>
    /// <param name="rows">Of any number.</param>
    /// <returns>The sum with them.</returns>
    public RowSum Add(RowBuffer rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var (count, sum) = this;
        for (var reader = rows.Read(); reader.NextRow();)
        {
            sum = unchecked(sum + XxHash128.HashToUInt128(reader.Row));
            count++;
        }

        return new RowSum(count, sum);
    }

    /// <summary>Adds other rows.</summary>
    /// <param name="other">What they add up to.</param>
    /// <returns>The sum of both.</returns>
    public RowSum Add(RowSum other) => new(Rows + other.Rows, unchecked(Sum + other.Sum));

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Rows} rows, {Sum:x32}");
}
