namespace Mev.Sdk.Storage.Archive;

/// <summary>What a verification found.</summary>
/// <param name="Objects">Objects looked at.</param>
/// <param name="Bytes">Their stored bytes.</param>
/// <param name="Frames">Records decoded and compared.</param>
/// <param name="Damages">Every damage, in the order of names and offsets; empty = everything is as it was written.</param>
public sealed record ArchiveVerifyReport(long Objects, long Bytes, long Frames, IReadOnlyList<ArchiveDamage> Damages);
