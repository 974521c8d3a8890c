using System.Buffers;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Tests.Views;

/// <summary>Batches for views, with their LSNs.</summary>
internal static class Batches
{
    /// <summary>Over memory that is only lent, as a transport's is.</summary>
    public static RecordBatch Lent(ulong lsn, int records = 1, int padding = 0) =>
        RecordBatch.Borrow([Frames.Many((long)lsn, records, padding)], records, new StreamPosition(1, 1, lsn), Lsn.Create(0, lsn));

    /// <summary>Over pooled memory of its own, as the host's own records are; the caller has one reference.</summary>
    public static RecordBatch Pooled(ulong lsn, int records = 1, int padding = 0)
    {
        var bytes = Frames.Many((long)lsn, records, padding);
        var rented = ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(rented, 0);
        return RecordBatch.Own(rented, bytes.Length, records, new StreamPosition(1, 1, lsn), Lsn.Create(0, lsn));
    }

    /// <summary>True when nobody has a reference any more.</summary>
    public static bool IsGivenBack(RecordBatch batch)
    {
        try
        {
            batch.Retain().Release();
            return false;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
    }
}
