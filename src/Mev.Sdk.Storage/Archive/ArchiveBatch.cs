using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Archive;

/// <summary>Records of an archive with what was kept beside them: the residual with which <c>TransactionRendering.Render</c> makes the original JSON again.</summary>
/// <remarks>Reading is thread-safe. Give it back with <see cref="Release"/>, once.</remarks>
public sealed class ArchiveBatch
{
    private readonly byte[] _residuals;
    private readonly int[] _ends;

    internal ArchiveBatch(RecordBatch records, byte[] residuals, int[] ends)
    {
        Records = records;
        (_residuals, _ends) = (residuals, ends);
    }

    /// <summary>The records: consecutive ones of one source, which own their memory.</summary>
    public RecordBatch Records { get; }

    /// <summary>Whether anything was kept beside any of them.</summary>
    public bool HasResiduals => _residuals.Length > 0;

    /// <summary>What was kept beside a record.</summary>
    /// <param name="index">The record's place within <see cref="Records"/>, from 0.</param>
    /// <returns>The residual; empty when there is none. It lives as long as this object, also after the release.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such record.</exception>
    public ReadOnlySpan<byte> GetResidual(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Records.Count);
        return HasResiduals ? _residuals.AsSpan((index == 0 ? 0 : _ends[index - 1])..(_ends[index])) : [];
    }

    /// <summary>Gives the records' memory back.</summary>
    public void Release() => Records.Release();
}
