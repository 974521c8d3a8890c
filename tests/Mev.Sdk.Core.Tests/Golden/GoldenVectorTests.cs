using System.Runtime.InteropServices;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Tests.Golden;

/// <summary>Pins the bytes of every message: what this side writes is what the C++ side wrote, and is read back field by field.</summary>
public sealed class GoldenVectorTests
{
    private static readonly Dictionary<string, Action<GoldenMessage>> Checks = new(StringComparer.Ordinal)
    {
        ["Transaction"] = Check<TransactionRecord, SwapEntry>,
        ["Opportunity"] = Check<OpportunityRecord, long>,
        ["Outcome"] = Check<OutcomeRecord, long>,
        ["Block"] = Check<BlockRecord, long>,
        ["Account"] = Check<AccountRecord, long>,
        ["Metric"] = Check<MetricRecord, long>,
        ["Node"] = Check<NodeRecord, long>,
        ["Strategy"] = Check<StrategyRecord, long>,
        ["Slot"] = Check<SlotRecord, long>,
        ["Gap"] = Check<GapRecord, long>,
        ["Label"] = Check<LabelRecord, LabelLeg>,
        ["Prediction"] = Check<PredictionRecord, ScoreEntry>,
        ["ParameterChange"] = Check<ParameterChangeRecord, long>,
        ["Audit"] = Check<AuditRecord, long>,
        ["Hello"] = Check<HelloMessage, long>,
        ["Challenge"] = Check<ChallengeMessage, long>,
        ["Subscribe"] = Check<SubscribeMessage, long>,
        ["Heartbeat"] = Check<HeartbeatMessage, long>,
        ["Ack"] = Check<AckMessage, long>,
        ["ReplayRequest"] = Check<ReplayRequestMessage, long>,
        ["GapNotice"] = Check<GapNoticeMessage, long>,
        ["Goodbye"] = Check<GoodbyeMessage, long>,
        ["Proof"] = Check<ProofMessage, long>,
        ["OpportunityScores"] = Check<OpportunityScoresMessage, OpportunityScore>,
        ["ParameterUpdate"] = Check<ParameterUpdateMessage, long>,
        ["ParameterResult"] = Check<ParameterResultMessage, long>,
    };

    public static TheoryData<string> Names => [.. Checks.Keys];

    [Fact]
    public void Every_message_of_the_assembly_has_a_vector()
    {
        var messages = typeof(IMessageLayout).Assembly.GetTypes().Where(static type => type.IsValueType && type.IsAssignableTo(typeof(IMessageLayout)));
        var names = messages.Select(static type => type.Name.Replace("Record", "", StringComparison.Ordinal).Replace("Message", "", StringComparison.Ordinal));
        Assert.Equal(names.Order(StringComparer.Ordinal), Checks.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(Checks.Keys.Order(StringComparer.Ordinal), GoldenMessage.ReadAll().Select(static message => message.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Frame_is_what_the_writer_makes_and_reads_back_field_by_field(string name) =>
        Checks[name](GoldenMessage.ReadAll().Single(message => message.Name == name));

    private static void Check<TBlock, TEntry>(GoldenMessage message)
        where TBlock : unmanaged, IMessageLayout
        where TEntry : unmanaged
    {
        var expected = message.Frame;
        Assert.Equal(Convert.ToHexStringLower(expected), Convert.ToHexStringLower(Encode<TBlock, TEntry>(message)));

        Assert.Equal(FrameError.None, FrameReader.Check(expected));
        var header = MemoryMarshal.Read<FrameHeader>(expected);
        Assert.Equal((message.Sequence, message.EngineTime, WireFormat.Version), (header.Sequence, header.EngineTimeNanoseconds, header.Version));
        var body = new BodyReader(new RecordView(Lsn.None, expected));
        Assert.True(body.TryBlock<TBlock>(out var block));
        Assert.Equal(message.Block, GoldenFields.Tell(block[0]));
        if (message.Group.Length > 0)
        {
            Assert.True(body.TryGroup<TEntry>(out var entries));
            Assert.Equal(message.Entries.Count, entries.Length);
            for (var i = 0; i < entries.Length; i++)
            {
                Assert.Equal(message.Entries[i], GoldenFields.Tell(entries[i]));
            }
        }

        foreach (var (_, bytes) in message.Data)
        {
            Assert.True(body.TryData(out var data));
            Assert.Equal(bytes, data.ToArray());
        }
    }

    private static byte[] Encode<TBlock, TEntry>(GoldenMessage message)
        where TBlock : unmanaged, IMessageLayout
        where TEntry : unmanaged
    {
        var buffer = new byte[4096];
        buffer.AsSpan().Fill(0xEE);
        var writer = FrameWriter.Begin(buffer, GoldenFields.Make<TBlock>(message.Block));
        if (message.Group.Length > 0)
        {
            writer.Group<TEntry>(message.Entries.Select(GoldenFields.Make<TEntry>).ToArray());
        }

        foreach (var (_, bytes) in message.Data)
        {
            writer.Data(bytes);
        }

        return buffer[..writer.Complete(message.Sequence, message.EngineTime)];
    }
}
