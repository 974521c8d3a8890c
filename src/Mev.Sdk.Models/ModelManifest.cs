namespace Mev.Sdk.Models;

/// <summary>Everything an artifact says of its model besides the model itself.</summary>
public sealed record ModelManifest
{
    /// <summary>The version of this layout that is written today.</summary>
    public const int CurrentFormat = 1;

    /// <summary>Version of this layout.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>The model's version: unique, and later ones sort behind earlier ones.</summary>
    public required string Version { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Hash of the feature schema, 16 hexadecimal digits.</summary>
    public required string SchemaHash { get; init; }

    /// <summary>The schema's columns in order.</summary>
    public required IReadOnlyList<FeatureColumn> Columns { get; init; }

    /// <summary>Probability from which a transaction counts as an opportunity, chosen on the validation rows.</summary>
    public required double Threshold { get; init; }

    /// <summary>What it was trained on, in words for a person: simulated market or history.</summary>
    public required string TrainedOn { get; init; }

    /// <summary>Whether the rows came from a simulated market: its figures then say nothing of the real one.</summary>
    public required bool IsSimulated { get; init; }

    /// <summary>How long after a transaction an opportunity counted as its label, slots.</summary>
    public required int LabelWindowSlots { get; init; }

    /// <summary>What trained it.</summary>
    public required string Trainer { get; init; }

    /// <summary>The trainer's parameters.</summary>
    public required string Parameters { get; init; }

    /// <summary>Trees kept: the best iteration.</summary>
    public required int Iterations { get; init; }

    /// <summary>Rows left out between the parts because their label window reached into the next one.</summary>
    public required int PurgedRows { get; init; }

    /// <summary>The rows it was fitted to.</summary>
    public required SplitSummary Train { get; init; }

    /// <summary>The rows that stopped it and chose the threshold.</summary>
    public required SplitSummary Validation { get; init; }

    /// <summary>The latest rows, looked at once: the figures to believe.</summary>
    public required SplitSummary Test { get; init; }
}
