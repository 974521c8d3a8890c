namespace Mev.Sdk.Storage.Projection;

/// <summary>A record that has no rows because its body cannot be read; the journal and the archive keep it as it is.</summary>
/// <param name="Lsn">Which record.</param>
/// <param name="TemplateId">Its kind; see <see cref="Mev.Sdk.Wire.TemplateIds"/>.</param>
/// <param name="Reason">What is wrong with it.</param>
public sealed record MalformedRecord(Lsn Lsn, ushort TemplateId, string Reason);
