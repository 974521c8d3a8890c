using System.Globalization;
using Mev.Sdk.Records;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.ClickHouse.Internal;

/// <summary>A query's conditions; made of constants, numbers and hexadecimal digits only.</summary>
internal static class TransactionSql
{
    private const int Failed = (int)TransactionFlags.Failed;
    private const int Vote = (int)TransactionFlags.Vote;

    /// <returns>Without those on the LSN; never empty.</returns>
    public static string Where(TransactionQuery query)
    {
        var conditions = new List<string>();
        if (Kind(query.Kind) is { } kind)
        {
            conditions.Add(kind);
        }

        if (query.Venue is { } venue)
        {
            conditions.Add($"venue = {(int)venue}");
        }

        if (query.Slot is { } slot)
        {
            conditions.Add(Sql.Within(new Projection.SlotSpan(slot, slot)));
        }

        if (query.Payer is { } payer)
        {
            conditions.Add($"payer = {Sql.Literal(payer)}");
        }

        if (query.MinimumScore is { } score)
        {
            // A finite double may be beyond every float.
            if (!float.IsFinite((float)score))
            {
                throw new ArgumentOutOfRangeException(
                    nameof(query), score, $"{nameof(TransactionQuery.MinimumScore)} must be a finite single-precision number, as scores are; scores lie between 0 and 1.");
            }

            // A score is a Float32: compared as one, so that the threshold that a model states is reached by the score that equals it.
            conditions.Add($"score >= toFloat32({((float)score).ToString("R", CultureInfo.InvariantCulture)})");
        }

        if (Mints(query) is { } mints)
        {
            conditions.Add(mints);
        }

        return conditions.Count == 0 ? "1" : string.Join(" AND ", conditions);
    }

    private static string? Kind(TransactionKind kind) => kind switch
    {
        TransactionKind.Any => null,
        TransactionKind.Swap => "swap_count > 0",
        TransactionKind.Failed => $"bitAnd(flags, {Failed}) != 0",
        TransactionKind.Vote => $"bitAnd(flags, {Vote}) != 0",
        TransactionKind.Tipped => "tip_lamports > 0",
        TransactionKind.Other => $"swap_count = 0 AND bitAnd(flags, {Failed | Vote}) = 0",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such kind of transaction."),
    };

    private static string? Mints(TransactionQuery query) => (query.Mint, query.OtherMint) switch
    {
        (null, null) => null,
        ({ } one, null) => $"(mint_in = {Sql.Literal(one)} OR mint_out = {Sql.Literal(one)})",
        (null, { } other) => $"(mint_in = {Sql.Literal(other)} OR mint_out = {Sql.Literal(other)})",
        ({ } one, { } other) =>
            $"((mint_in = {Sql.Literal(one)} AND mint_out = {Sql.Literal(other)}) OR (mint_in = {Sql.Literal(other)} AND mint_out = {Sql.Literal(one)}))",
    };
}
