namespace Mev.Sdk.Ingest.Tests.Support;

/// <summary>What a proxy does to bytes besides cutting the connection.</summary>
[Flags]
internal enum Harms
{
    None = 0,
    Delay = 1,
    Duplicate = 2,
    Corrupt = 4,
    All = Delay | Duplicate | Corrupt,
}
