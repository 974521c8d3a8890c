using System.Runtime.InteropServices;
using FsCheck.Xunit;
using Mev.Sdk.Records;
using Mev.Sdk.Tests.Wire;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Tests.Records;

/// <summary>Every message with groups or variable data: what is written is read, whole frame by whole frame, and a frame cut short is refused or read as an older writer's.</summary>
public sealed class MessageRoundTripTests
{
    private delegate bool Reader(RecordView record, out byte[] rewritten);

    private delegate byte[] Writer(Random random);

    private static readonly (string Name, Writer Write, Reader Read)[] Messages =
    [
        ("Transaction", WriteTransaction, RewriteTransaction),
        ("Opportunity", WriteOpportunity, RewriteOpportunity),
        ("Outcome", WriteOutcome, RewriteOutcome),
        ("Account", WriteAccount, RewriteAccount),
        ("Metric", WriteMetric, RewriteMetric),
        ("Node", WriteNode, RewriteNode),
        ("Strategy", WriteStrategy, RewriteStrategy),
        ("Gap", WriteGap, RewriteGap),
        ("Label", WriteLabel, RewriteLabel),
        ("Prediction", WritePrediction, RewritePrediction),
        ("ParameterChange", WriteParameterChange, RewriteParameterChange),
        ("Audit", WriteAudit, RewriteAudit),
        ("OpportunityScores", WriteOpportunityScores, RewriteOpportunityScores),
        ("ParameterUpdate", WriteParameterUpdate, RewriteParameterUpdate),
        ("ParameterResult", WriteParameterResult, RewriteParameterResult),
    ];

    [Property(MaxTest = 60)]
    public void Every_message_reads_back_to_the_same_bytes(int seed)
    {
        var random = new Random(seed);
        foreach (var (name, write, read) in Messages)
        {
            var frame = write(random);
            Assert.Equal(FrameError.None, FrameReader.Check(frame));
            Assert.True(read(new RecordView(Lsn.None, frame), out var again), name);
            Assert.True(frame.AsSpan().SequenceEqual(again), name);
        }
    }

    [Property(MaxTest = 30)]
    public void A_message_cut_anywhere_never_shows_bytes_that_are_not_in_it(int seed)
    {
        var random = new Random(seed);
        foreach (var (name, write, read) in Messages)
        {
            var frame = write(random);
            var blockEnd = FrameHeader.Size + MemoryMarshal.Read<FrameHeader>(frame).BlockLength;
            for (var length = blockEnd; length < frame.Length; length += WireFormat.Alignment)
            {
                var cut = frame[..length];
                MemoryMarshal.AsRef<FrameHeader>(cut.AsSpan()).Length = (uint)length;
                FrameWriter.Stamp(cut, 0, 1);
                if (read(new RecordView(Lsn.None, cut), out var again))
                {
                    // Read as by an older writer: what was cut is empty, so that writing it again adds at most lengths of 0.
                    Assert.True(again.Length <= length + 32, $"{name} of {length} bytes was read as {again.Length}.");
                }
            }
        }
    }

    private static byte[] Bytes(Random random)
    {
        var bytes = new byte[random.Next(0, 40)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static T[] Entries<T>(Random random)
        where T : unmanaged
    {
        var entries = new T[random.Next(0, 4)];
        random.NextBytes(MemoryMarshal.AsBytes(entries.AsSpan()));
        return entries;
    }

    private static byte[] WriteTransaction(Random random)
    {
        var swaps = Entries<SwapEntry>(random);
        var wire = Bytes(random);
        var meta = Bytes(random);
        var frame = new byte[TransactionView.GetFrameLength(swaps.Length, wire.Length, meta.Length)];
        TransactionView.Write(frame, 1, Frames.Random<TransactionRecord>(random), swaps, wire, meta);
        return frame;
    }

    private static bool RewriteTransaction(RecordView record, out byte[] rewritten)
    {
        rewritten = [];
        if (!TransactionView.TryRead(in record, out var view))
        {
            return false;
        }

        rewritten = new byte[TransactionView.GetFrameLength(view.Swaps.Length, view.Wire.Length, view.Meta.Length)];
        TransactionView.Write(rewritten, 1, in view.Record, view.Swaps, view.Wire, view.Meta);
        return true;
    }

    private static byte[] WriteOpportunity(Random random)
    {
        var metadata = Bytes(random);
        var frame = new byte[OpportunityView.GetFrameLength(metadata.Length)];
        OpportunityView.Write(frame, 1, Frames.Random<OpportunityRecord>(random), metadata);
        return frame;
    }

    private static bool RewriteOpportunity(RecordView record, out byte[] rewritten)
    {
        rewritten = [];
        if (!OpportunityView.TryRead(in record, out var view))
        {
            return false;
        }

        rewritten = new byte[OpportunityView.GetFrameLength(view.Metadata.Length)];
        OpportunityView.Write(rewritten, 1, in view.Record, view.Metadata);
        return true;
    }

    private static byte[] WriteOutcome(Random random)
    {
        var reason = Bytes(random);
        var frame = new byte[OutcomeView.GetFrameLength(reason.Length)];
        OutcomeView.Write(frame, 1, Frames.Random<OutcomeRecord>(random), reason);
        return frame;
    }

    private static bool RewriteOutcome(RecordView record, out byte[] rewritten)
    {
        rewritten = [];
        if (!OutcomeView.TryRead(in record, out var view))
        {
            return false;
        }

        rewritten = new byte[OutcomeView.GetFrameLength(view.Reason.Length)];
        OutcomeView.Write(rewritten, 1, in view.Record, view.Reason);
        return true;
    }

    private static byte[] WriteAccount(Random random)
    {
        var data = Bytes(random);
        var frame = new byte[AccountView.GetFrameLength(data.Length)];
        AccountView.Write(frame, 1, Frames.Random<AccountRecord>(random), data);
        return frame;
    }

    private static bool RewriteAccount(RecordView record, out byte[] rewritten)
    {
        rewritten = [];
        if (!AccountView.TryRead(in record, out var view))
        {
            return false;
        }

        rewritten = new byte[AccountView.GetFrameLength(view.Data.Length)];
        AccountView.Write(rewritten, 1, in view.Record, view.Data);
        return true;
    }

    private static byte[] WriteMetric(Random random)
    {
        var name = Bytes(random);
        var tags = Bytes(random);
        var frame = new byte[MetricView.GetFrameLength(name.Length, tags.Length)];
        MetricView.Write(frame, 1, Frames.Random<MetricRecord>(random), name, tags);
        return frame;
    }

    private static bool RewriteMetric(RecordView record, out byte[] rewritten)
    {
        rewritten = [];
        if (!MetricView.TryRead(in record, out var view))
        {
            return false;
        }

        rewritten = new byte[MetricView.GetFrameLength(view.Name.Length, view.Tags.Length)];
        MetricView.Write(rewritten, 1, in view.Record, view.Name, view.Tags);
        return true;
    }

    private static byte[] WriteNode(Random random)
    {
        var name = Bytes(random);
        var version = Bytes(random);
        var addresses = Bytes(random);
        var frame = new byte[NodeView.GetFrameLength(name.Length, version.Length, addresses.Length)];
        NodeView.Write(frame, 1, Frames.Random<NodeRecord>(random), name, version, addresses);
        return frame;
    }

    private static bool RewriteNode(RecordView record, out byte[] rewritten)
    {
        rewritten = [];
        if (!NodeView.TryRead(in record, out var view))
        {
            return false;
        }

        rewritten = new byte[NodeView.GetFrameLength(view.Name.Length, view.Version.Length, view.Addresses.Length)];
        NodeView.Write(rewritten, 1, in view.Record, view.Name, view.Version, view.Addresses);
        return true;
    }

    private static byte[] WriteStrategy(Random random)
    {
        var name = Bytes(random);
        var parameters = Bytes(random);
        var frame = new byte[StrategyView.GetFrameLength(name.Length, parameters.Length)];
        StrategyView.Write(frame, 1, Frames.Random<StrategyRecord>(random), name, parameters);
        return frame;
    }

    private static bool RewriteStrategy(RecordView record, out byte[] rewritten)
    {
        rewritten = [];
        if (!StrategyView.TryRead(in record, out var view))
        {
            return false;
        }

        rewritten = new byte[StrategyView.GetFrameLength(view.Name.Length, view.Parameters.Length)];
        StrategyView.Write(rewritten, 1, in view.Record, view.Name, view.Parameters);
        return true;
    }

    private static byte[] WriteGap(Random random)
    {
        var reason = Bytes(random);
        var frame = new byte[GapView.GetFrameLength(reason.Length)];
        GapView.Write(frame, 1, Frames.Random<GapRecord>(random), reason);
        return frame;
    }

    private static bool RewriteGap(RecordView record, out byte[] rewritten)
    {
        rewritten = [];
        if (!GapView.TryRead(in record, out var view))
        {
            return false;
        }

        rewritten = new byte[GapView.GetFrameLength(view.Reason.Length)];
        GapView.Write(rewritten, 1, in view.Record, view.Reason);
        return true;
    }

    private static byte[] WriteLabel(Random random)
    {
        var legs = Entries<LabelLeg>(random);
        var evidence = Bytes(random);
        var frame = new byte[LabelView.GetFrameLength(legs.Length, evidence.Length)];
        LabelView.Write(frame, 1, Frames.Random<LabelRecord>(random), legs, evidence);
        return frame;
    }

    private static bool RewriteLabel(RecordView record, out byte[] rewritten)
    {
        rewritten = [];
        if (!LabelView.TryRead(in record, out var view))
        {
            return false;
        }

        rewritten = new byte[LabelView.GetFrameLength(view.Legs.Length, view.Evidence.Length)];
        LabelView.Write(rewritten, 1, in view.Record, view.Legs, view.Evidence);
        return true;
    }

    private static byte[] WritePrediction(Random random)
    {
        var scores = Entries<ScoreEntry>(random);
        var modelVersion = Bytes(random);
        var frame = new byte[PredictionView.GetFrameLength(scores.Length, modelVersion.Length)];
        PredictionView.Write(frame, 1, Frames.Random<PredictionRecord>(random), scores, modelVersion);
        return frame;
    }

    private static bool RewritePrediction(RecordView record, out byte[] rewritten)
    {
        rewritten = [];
        if (!PredictionView.TryRead(in record, out var view))
        {
            return false;
        }

        rewritten = new byte[PredictionView.GetFrameLength(view.Scores.Length, view.ModelVersion.Length)];
        PredictionView.Write(rewritten, 1, in view.Record, view.Scores, view.ModelVersion);
        return true;
    }

    private static byte[] WriteParameterChange(Random random)
    {
        var parameters = Bytes(random);
        var actor = Bytes(random);
        var reason = Bytes(random);
        var frame = new byte[ParameterChangeView.GetFrameLength(parameters.Length, actor.Length, reason.Length)];
        ParameterChangeView.Write(frame, 1, Frames.Random<ParameterChangeRecord>(random), parameters, actor, reason);
        return frame;
    }

    private static bool RewriteParameterChange(RecordView record, out byte[] rewritten)
    {
        rewritten = [];
        if (!ParameterChangeView.TryRead(in record, out var view))
        {
            return false;
        }

        rewritten = new byte[ParameterChangeView.GetFrameLength(view.Parameters.Length, view.Actor.Length, view.Reason.Length)];
        ParameterChangeView.Write(rewritten, 1, in view.Record, view.Parameters, view.Actor, view.Reason);
        return true;
    }

    private static byte[] WriteAudit(Random random)
    {
        var actor = Bytes(random);
        var action = Bytes(random);
        var subject = Bytes(random);
        var detail = Bytes(random);
        var frame = new byte[AuditView.GetFrameLength(actor.Length, action.Length, subject.Length, detail.Length)];
        AuditView.Write(frame, 1, Frames.Random<AuditRecord>(random), actor, action, subject, detail);
        return frame;
    }

    private static bool RewriteAudit(RecordView record, out byte[] rewritten)
    {
        rewritten = [];
        if (!AuditView.TryRead(in record, out var view))
        {
            return false;
        }

        rewritten = new byte[AuditView.GetFrameLength(view.Actor.Length, view.Action.Length, view.Subject.Length, view.Detail.Length)];
        AuditView.Write(rewritten, 1, in view.Record, view.Actor, view.Action, view.Subject, view.Detail);
        return true;
    }

    private static byte[] WriteOpportunityScores(Random random)
    {
        var scores = Entries<OpportunityScore>(random);
        var modelVersion = Bytes(random);
        var frame = new byte[OpportunityScoresView.GetFrameLength(scores.Length, modelVersion.Length)];
        OpportunityScoresView.Write(frame, 1, Frames.Random<OpportunityScoresMessage>(random), scores, modelVersion);
        return frame;
    }

    private static bool RewriteOpportunityScores(RecordView record, out byte[] rewritten)
    {
        rewritten = [];
        if (!OpportunityScoresView.TryRead(in record, out var view))
        {
            return false;
        }

        rewritten = new byte[OpportunityScoresView.GetFrameLength(view.Scores.Length, view.ModelVersion.Length)];
        OpportunityScoresView.Write(rewritten, 1, in view.Message, view.Scores, view.ModelVersion);
        return true;
    }

    private static byte[] WriteParameterUpdate(Random random)
    {
        var parameters = Bytes(random);
        var frame = new byte[ParameterUpdateView.GetFrameLength(parameters.Length)];
        ParameterUpdateView.Write(frame, 1, Frames.Random<ParameterUpdateMessage>(random), parameters);
        return frame;
    }

    private static bool RewriteParameterUpdate(RecordView record, out byte[] rewritten)
    {
        rewritten = [];
        if (!ParameterUpdateView.TryRead(in record, out var view))
        {
            return false;
        }

        rewritten = new byte[ParameterUpdateView.GetFrameLength(view.Parameters.Length)];
        ParameterUpdateView.Write(rewritten, 1, in view.Message, view.Parameters);
        return true;
    }

    private static byte[] WriteParameterResult(Random random)
    {
        var reason = Bytes(random);
        var frame = new byte[ParameterResultView.GetFrameLength(reason.Length)];
        ParameterResultView.Write(frame, 1, Frames.Random<ParameterResultMessage>(random), reason);
        return frame;
    }

    private static bool RewriteParameterResult(RecordView record, out byte[] rewritten)
    {
        rewritten = [];
        if (!ParameterResultView.TryRead(in record, out var view))
        {
            return false;
        }

        rewritten = new byte[ParameterResultView.GetFrameLength(view.Reason.Length)];
        ParameterResultView.Write(rewritten, 1, in view.Message, view.Reason);
        return true;
    }
}
