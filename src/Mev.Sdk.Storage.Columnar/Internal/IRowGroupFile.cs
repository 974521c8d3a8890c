using Mev.Sdk.Storage.Columnar.Columns;

namespace Mev.Sdk.Storage.Columnar.Internal;

/// <summary>A file of one of the formats, row group by row group.</summary>
internal interface IRowGroupFile : IDisposable
{
    /// <summary>Bytes written.</summary>
    long Length { get; }

    /// <summary>Row groups written.</summary>
    int RowGroups { get; }

    /// <summary>Writes rows.</summary>
    ValueTask WriteRowGroupAsync(ColumnBuffer[] columns, CancellationToken cancellationToken);

    /// <summary>Writes what stands at the end.</summary>
    ValueTask CompleteAsync(CancellationToken cancellationToken);
}
