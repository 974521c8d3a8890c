namespace Mev.Sdk.Storage.Journal;

/// <summary>What a block is; stable on disk.</summary>
internal enum BlockKind : byte
{
    Records = 0,
    Seal = 1,
    Ranges = 2,
}
