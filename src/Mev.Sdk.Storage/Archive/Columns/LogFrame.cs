namespace Mev.Sdk.Storage.Archive.Columns;

/// <summary>A program that runs while the log is read.</summary>
internal struct LogFrame
{
    /// <summary>Its instruction.</summary>
    public int Step;

    /// <summary>Id of its key.</summary>
    public int Program;
    public uint Shape;

    /// <summary>Compute units that were left when it started, as far as the log told until then.</summary>
    public long UnitsAtStart;

    /// <summary>Programs it called so far.</summary>
    public int Calls;
    public uint LastCall;
    public bool ToldUnits;
}
