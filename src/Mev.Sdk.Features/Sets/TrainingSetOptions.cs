namespace Mev.Sdk.Features.Sets;

/// <summary>What a training set is made of.</summary>
public sealed class TrainingSetOptions
{
    /// <summary>How long after a transaction an opportunity that names it still counts as its label, slots.</summary>
    /// <value>Default 8 (about 3.2 s); 1 to 100,000. Splits purge as many slots between their parts.</value>
    public int LabelWindowSlots { get; set; } = 8;

    /// <summary>Whether votes are rows. They can open no opportunity, so as rows they only flatter the figures.</summary>
    /// <value>Default false.</value>
    public bool IncludeVotes { get; set; }

    /// <summary>Most rows taken; reading stops when it is reached.</summary>
    /// <value>Default 5,000,000 rows; 1 to 100,000,000.</value>
    public int MaxRows { get; set; } = 5_000_000;

    internal void ThrowIfInvalid()
    {
        if (LabelWindowSlots is < 1 or > 100_000)
        {
            throw new ArgumentException($"Mev:Training:LabelWindowSlots is {LabelWindowSlots}: choose 1 to 100000.");
        }

        if (MaxRows is < 1 or > 100_000_000)
        {
            throw new ArgumentException($"Mev:Training:MaxRows is {MaxRows}: choose 1 to 100000000.");
        }
    }
}
