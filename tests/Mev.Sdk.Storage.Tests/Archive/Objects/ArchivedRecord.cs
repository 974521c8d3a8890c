namespace Mev.Sdk.Storage.Tests.Archive.Objects;

/// <summary>A record as it goes into an archive object.</summary>
internal sealed record ArchivedRecord(Lsn Lsn, uint Source, ulong Session, byte[] Frame, byte[] Residual);
