namespace Mev.Sdk;

/// <summary>One row a model is trained on: what was known of a transaction, and what came of it later.</summary>
/// <param name="TransactionLsn">The sighting the features belong to.</param>
/// <param name="Signature">Its transaction.</param>
/// <param name="Features">Values in the order of the schema; NaN = missing. Not copied: do not change it afterwards.</param>
/// <param name="Label">What is to be predicted: 1 = an opportunity followed, 0 = none.</param>
/// <param name="CreatedAt">When the row was built, by the host's clock.</param>
public sealed record TrainingSample(Lsn TransactionLsn, Signature Signature, ReadOnlyMemory<float> Features, float Label, DateTimeOffset CreatedAt);
