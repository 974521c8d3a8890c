namespace Mev.Sdk.Storage.Journal;

/// <summary>How a block's payload is stored; stable on disk.</summary>
internal enum BlockCodec : byte
{
    None = 0,
    Lz4Block = 1,
}
