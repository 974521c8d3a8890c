using System.Globalization;
using Mev.Sdk.Records;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.DuckDb;

/// <summary>A query's conditions in DuckDB's SQL; made of constants, numbers and hexadecimal digits only.</summary>
internal static class TransactionSql
{
    private const int Failed = (int)TransactionFlags.Failed;
    private const int Vote = (int)TransactionFlags.Vote;

    public static string Where(TransactionQuery query)
    {
        var conditions = new List<string>();
        if (query.Before != Lsn.None)
        {
            conditions.Add($"lsn < {Number(query.Before.Value)}");
        }

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
            conditions.Add($"slot = {Number(slot)}");
        }

        if (query.Payer is { } payer)
        {
            conditions.Add($"payer = {Blob(payer)}");
        }

        if (query.MinimumScore is { } score)
        {
            // A finite double may be beyond every float.
            if (!float.IsFinite((float)score))
            {
                throw new ArgumentOutOfRangeException(
                    nameof(query), score, $"{nameof(TransactionQuery.MinimumScore)} must be a finite single-precision number, as scores are; scores lie between 0 and 1.");
            }

            // A score is a FLOAT: compared as one, so that the threshold that a model states is reached by the score that equals it.
            conditions.Add($"score >= {((float)score).ToString("R", CultureInfo.InvariantCulture)}::FLOAT");
        }

        if (Mints(query) is { } mints)
        {
            conditions.Add(mints);
        }

        return conditions.Count == 0 ? "true" : string.Join(" AND ", conditions);
    }

    private static string? Kind(TransactionKind kind) => kind switch
    {
        TransactionKind.Any => null,
        TransactionKind.Swap => "swap_count > 0",
        TransactionKind.Failed => $"(flags & {Failed}) <> 0",
        TransactionKind.Vote => $"(flags & {Vote}) <> 0",
        TransactionKind.Tipped => "tip_lamports > 0",
        TransactionKind.Other => $"swap_count = 0 AND (flags & {Failed | Vote}) = 0",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such kind of transaction."),
    };

    private static string? Mints(TransactionQuery query) => (query.Mint, query.OtherMint) switch
    {
        (null, null) => null,
        ({ } one, null) => $"(mint_in = {Blob(one)} OR mint_out = {Blob(one)})",
        (null, { } other) => $"(mint_in = {Blob(other)} OR mint_out = {Blob(other)})",
        ({ } one, { } other) => $"((mint_in = {Blob(one)} AND mint_out = {Blob(other)}) OR (mint_in = {Blob(other)} AND mint_out = {Blob(one)}))",
    };

    private static string Blob(Pubkey key) => $"unhex('{Convert.ToHexString(Pubkey.AsSpan(in key))}')";

    private static string Number(ulong value) => value.ToString(CultureInfo.InvariantCulture);
}
