namespace Mev.Sdk.Storage;

/// <summary>What a data directory holds; the two are never mixed. The names are stored in its marker file.</summary>
public enum DataKind
{
    /// <summary>Records of the real chain.</summary>
    Chain = 0,

    /// <summary>Records of a simulated market.</summary>
    Simulated = 1,
}
