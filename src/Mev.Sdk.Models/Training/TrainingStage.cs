namespace Mev.Sdk.Models.Training;

/// <summary>How far a training run has come.</summary>
public enum TrainingStage
{
    /// <summary>Replaying records into labelled rows.</summary>
    Replaying = 0,

    /// <summary>Fitting.</summary>
    Fitting = 1,

    /// <summary>Choosing the threshold and measuring on the test rows.</summary>
    Evaluating = 2,

    /// <summary>Done.</summary>
    Done = 3,
}
