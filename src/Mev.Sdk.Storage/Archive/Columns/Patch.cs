namespace Mev.Sdk.Storage.Archive.Columns;

/// <summary>A place in the model's bytes that is the key of an id.</summary>
internal struct Patch
{
    public int At;
    public int Id;
}
