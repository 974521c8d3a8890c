namespace Mev.Sdk.Storage.Tests.Journal;

/// <summary>A record as it was read back.</summary>
internal sealed record StoredRecord(Lsn Lsn, StreamPosition Position, byte[] Frame)
{
    /// <summary>Whether it is what <see cref="TestRecords.Transactions"/> makes for its sequence.</summary>
    public bool IsExpectedTransaction(int wireBytes = 200)
    {
        var expected = TestRecords.Batch([TestRecords.Transaction(Position.Sequence, 1000 + Position.Sequence / 100, wireBytes)], new Lsn(1), Position.Sequence);
        var same = expected.Chunks[0].Span.SequenceEqual(Frame);
        expected.Release();
        return same;
    }
}
