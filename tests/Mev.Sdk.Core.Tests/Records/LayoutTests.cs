using System.Runtime.CompilerServices;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Tests.Records;

public sealed class LayoutTests
{
    [Fact]
    public void Struct_sizes_are_those_of_the_wire_format_note()
    {
        Assert.Equal(32, Unsafe.SizeOf<FrameHeader>());
        Assert.Equal(8, Unsafe.SizeOf<GroupDimension>());
        Assert.Equal(176, Unsafe.SizeOf<TransactionRecord>());
        Assert.Equal(224, Unsafe.SizeOf<SwapEntry>());
        Assert.Equal(216, Unsafe.SizeOf<OpportunityRecord>());
        Assert.Equal(120, Unsafe.SizeOf<OutcomeRecord>());
        Assert.Equal(144, Unsafe.SizeOf<BlockRecord>());
        Assert.Equal(16, Unsafe.SizeOf<MetricRecord>());
        Assert.Equal(32, Unsafe.SizeOf<SlotRecord>());
        Assert.Equal(80, Unsafe.SizeOf<GapRecord>());
        Assert.Equal(24, Unsafe.SizeOf<PredictionRecord>());
        Assert.Equal(24, Unsafe.SizeOf<ScoreEntry>());
        Assert.Equal(32, Unsafe.SizeOf<HelloMessage>());
        Assert.Equal(24, Unsafe.SizeOf<SubscribeMessage>());
        Assert.Equal(24, Unsafe.SizeOf<HeartbeatMessage>());
        Assert.Equal(16, Unsafe.SizeOf<AckMessage>());
        Assert.Equal(8, Unsafe.SizeOf<GoodbyeMessage>());
        Assert.Equal(168, Unsafe.SizeOf<AccountRecord>());
        Assert.Equal(128, Unsafe.SizeOf<NodeRecord>());
        Assert.Equal(72, Unsafe.SizeOf<StrategyRecord>());
        Assert.Equal(48, Unsafe.SizeOf<LabelRecord>());
        Assert.Equal(88, Unsafe.SizeOf<LabelLeg>());
        Assert.Equal(56, Unsafe.SizeOf<ParameterChangeRecord>());
        Assert.Equal(16, Unsafe.SizeOf<AuditRecord>());
        Assert.Equal(32, Unsafe.SizeOf<ChallengeMessage>());
        Assert.Equal(64, Unsafe.SizeOf<ProofMessage>());
        Assert.Equal(24, Unsafe.SizeOf<ReplayRequestMessage>());
        Assert.Equal(32, Unsafe.SizeOf<GapNoticeMessage>());
        Assert.Equal(24, Unsafe.SizeOf<OpportunityScoresMessage>());
        Assert.Equal(32, Unsafe.SizeOf<OpportunityScore>());
        Assert.Equal(48, Unsafe.SizeOf<ParameterUpdateMessage>());
        Assert.Equal(40, Unsafe.SizeOf<ParameterResultMessage>());
    }
}
