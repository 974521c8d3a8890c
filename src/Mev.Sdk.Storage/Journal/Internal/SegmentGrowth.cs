namespace Mev.Sdk.Storage.Journal;

/// <summary>What became durable of a segment besides its records; a time of creation of 0 = known already.</summary>
internal readonly record struct SegmentGrowth(uint Number, long Bytes, long CreatedNanoseconds, bool IsSealed);
