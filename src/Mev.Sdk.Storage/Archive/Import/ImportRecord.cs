namespace Mev.Sdk.Storage.Archive.Import;

/// <summary>One record of a file.</summary>
/// <param name="Frame">Its frame, not stamped.</param>
/// <param name="Residual">What is kept beside it.</param>
/// <param name="JsonBytes">Bytes of its part of the file as compact JSON.</param>
internal readonly record struct ImportRecord(byte[] Frame, byte[] Residual, long JsonBytes);
