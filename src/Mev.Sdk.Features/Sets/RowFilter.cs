using Mev.Sdk.Records;

namespace Mev.Sdk.Features.Sets;

/// <summary>Decides which first-sighted transactions a model is about: those are rows of its training set, and those alone are scored live.</summary>
/// <remarks>
/// One predicate for <see cref="TrainingSetBuilder"/> and for live scoring, so that a model is never asked about what it was never shown. It is about rows
/// only: the feature engine observes every transaction, whether it becomes a row or not. Immutable; thread-safe. The default leaves votes out.
/// </remarks>
public readonly record struct RowFilter
{
    /// <summary>Makes the filter of a training set.</summary>
    /// <param name="options">The set's options; null = the defaults. Copied.</param>
    public RowFilter(TrainingSetOptions? options) => IncludesVotes = options?.IncludeVotes ?? false;

    /// <summary>Whether votes are rows: <see cref="TrainingSetOptions.IncludeVotes"/>.</summary>
    public bool IncludesVotes { get; }

    /// <summary>Whether a transaction is a row.</summary>
    /// <param name="transaction">A first sighting.</param>
    /// <returns>False for a vote, unless votes are rows; else true, with meta or without.</returns>
    public bool Includes(in TransactionRecord transaction) =>
        IncludesVotes || (transaction.Flags & TransactionFlags.Vote) == TransactionFlags.None;
}
