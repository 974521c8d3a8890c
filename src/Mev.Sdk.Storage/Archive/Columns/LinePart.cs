namespace Mev.Sdk.Storage.Archive.Columns;

/// <summary>What stands at a placeholder of a template.</summary>
internal struct LinePart
{
    public ulong Number;

    /// <summary>Id of a key.</summary>
    public int Key;

    /// <summary>Bytes that stand as base64, in the splitter's bytes.</summary>
    public int At;
    public int Length;
}
