using Mev.Sdk.Models.Evaluation;

namespace Mev.Sdk.Models;

/// <summary>One part of the split a model was made with.</summary>
/// <param name="Rows">Rows.</param>
/// <param name="FirstLsn">LSN of the first row, raw.</param>
/// <param name="LastLsn">LSN of the last row, raw.</param>
/// <param name="FirstSlot">The stream's slot at the first row.</param>
/// <param name="LastSlot">The stream's slot at the last row.</param>
/// <param name="Evaluation">How the model did on these rows, at the artifact's threshold.</param>
/// <param name="SwapsOnly">The same over the rows with at least one swap: telling swaps from transfers is no skill.</param>
public sealed record SplitSummary(
    int Rows,
    ulong FirstLsn,
    ulong LastLsn,
    ulong FirstSlot,
    ulong LastSlot,
    BinaryEvaluation Evaluation,
    BinaryEvaluation? SwapsOnly);
