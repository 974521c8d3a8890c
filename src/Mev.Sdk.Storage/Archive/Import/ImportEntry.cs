namespace Mev.Sdk.Storage.Archive.Import;

/// <summary>A file that an object holds.</summary>
/// <param name="Name">Its path within the imported folder.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Ticks">When it was last written, ticks of UTC.</param>
/// <param name="FirstLsn">LSN of its first record, raw.</param>
internal sealed record ImportEntry(string Name, long Length, long Ticks, ulong FirstLsn);
