namespace Mev.Sdk.Storage.Archive;

/// <summary>How far a verification is.</summary>
/// <param name="Objects">Objects looked at to their end.</param>
/// <param name="ObjectsTotal">Objects to be looked at.</param>
/// <param name="Bytes">Stored bytes looked at.</param>
/// <param name="BytesTotal">Stored bytes to be looked at.</param>
/// <param name="Frames">Records decoded and compared.</param>
/// <param name="Damages">Damages found so far.</param>
public readonly record struct ArchiveVerifyProgress(long Objects, long ObjectsTotal, long Bytes, long BytesTotal, long Frames, long Damages);
