using System.Runtime.InteropServices;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Tests.Support;

/// <summary>Takes what a session lets through and insists on what every sink relies on: checked frames in order, each sequence once, nothing of the host's own.</summary>
internal sealed class FuzzIntake : IRecordIntake
{
    private readonly Dictionary<ulong, SequenceSet> _seen = [];
    private ulong _lsn = 1;

    public long Records { get; private set; }

    public ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        batch.AssignLsn(new Lsn(_lsn));
        _lsn += (ulong)batch.Count;
        if (!_seen.TryGetValue(batch.First.SessionId, out var seen))
        {
            _seen[batch.First.SessionId] = seen = new SequenceSet();
        }

        var sequence = batch.First.Sequence;
        var count = 0;
        foreach (var record in batch)
        {
            Require(FrameReader.Check(record.Frame) == FrameError.None, "an unchecked frame reached the intake");
            Require(TemplateIds.IsEngineRecord(record.Header.TemplateId), "a record of the host's own kind reached the intake");
            Require(record.Header.Sequence == sequence, "a batch's records do not follow each other");
            Require(!seen.Contains(sequence), "a sequence was delivered twice");
            EveryView.ReadAll(in record);
            sequence++;
            count++;
        }

        Require(count == batch.Count, "a batch counts other than it holds");
        seen.Add(batch.First.Sequence, sequence - 1);
        Records += count;
        return ValueTask.CompletedTask;
    }

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new InvalidDataException(otherwise);
        }
    }
}
