namespace Mev.Sdk.Storage.Tiers;

/// <summary>How near at hand rows are kept. The numbers are stable.</summary>
public enum StorageTier
{
    /// <summary>In the database that projectors fill.</summary>
    Hot = 0,

    /// <summary>Copied to where rows cost less: Parquet files, or a column store.</summary>
    Warm = 1,

    /// <summary>As records in the archive only.</summary>
    Cold = 2,
}
