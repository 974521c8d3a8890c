namespace Mev.Sdk.Features.Sets;

/// <summary>What a training set is made of; configuration section <c>Mev:Models:Set</c>.</summary>
/// <remarks>It is the sub-section <c>Set</c> of Mev.Sdk.Models' training options, which bind to <c>Mev:Models</c>.</remarks>
public sealed class TrainingSetOptions
{
    /// <summary>How long after a transaction an opportunity that names it still counts as its label, slots.</summary>
    /// <value>Default 8 (about 3.2 s); 1 to 100,000. Splits purge as many slots between their parts.</value>
    public int LabelWindowSlots { get; set; } = 8;

    /// <summary>Whether votes are rows. They can open no opportunity, so as rows they only flatter the figures. Live scoring follows suit (<see cref="RowFilter"/>).</summary>
    /// <value>Default false.</value>
    public bool IncludeVotes { get; set; }

    /// <summary>Most rows taken; reading stops when it is reached.</summary>
    /// <value>Default 5,000,000 rows; 1 to 100,000,000.</value>
    public int MaxRows { get; set; } = 5_000_000;

    internal void ThrowIfInvalid()
    {
        if (LabelWindowSlots is < 1 or > 100_000)
        {
            throw new ArgumentException($"Mev:Models:Set:LabelWindowSlots is {LabelWindowSlots}: choose 1 to 100000.");
        }

        if (MaxRows is < 1 or > 100_000_000)
        {
            throw new ArgumentException($"Mev:Models:Set:MaxRows is {MaxRows}: choose 1 to 100000000.");
        }
    }
}
