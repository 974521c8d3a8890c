using Mev.Sdk.Storage.Archive.Columns;

namespace Mev.Sdk.Storage.Archive.Coding;

/// <summary>What was learned of one key that every block of an object starts with.</summary>
internal struct KnownRow
{
    public int Id;
    public KeyRow Row;
}
