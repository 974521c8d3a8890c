using System.Runtime.InteropServices;
using Mev.Sdk.Records;
using Mev.Sdk.TestKit;

namespace Mev.Sdk.Storage.Columnar.Tests;

/// <summary>One record of every kind, every field with a value of its own.</summary>
internal static class RecordFrames
{
    public static byte[] Transaction(ulong number = 1, ulong slot = 5, int swaps = 1)
    {
        var record = new TransactionRecord
        {
            Signature = Make.Signature(number), Payer = Make.Key(2), Slot = slot, BlockTimeSeconds = 6, FeeLamports = 7, TipLamports = 8, ComputeUnitPriceMicroLamports = 9,
            ComputeUnitLimit = 10, ComputeUnitsConsumed = 11, IndexInBlock = 12, Flags = (TransactionFlags)13, ErrorCode = (TransactionErrorCode)14, ErrorInstruction = 15,
            Stage = (SightingStage)4, ErrorCustomCode = 16, ErrorInstructionCode = (InstructionErrorCode)17, MessageFormat = 1, SignatureCount = 18, InstructionCount = 19,
        };
        var entries = Enumerable.Range(0, swaps).Select(Swap).ToArray();
        var frame = new byte[TransactionView.GetFrameLength(swaps, 3, 2)];
        TransactionView.Write(frame, 77, in record, entries, [0xAA, 0xBB, 0xCC], [0xDD, 0xEE]);
        return frame;
    }

    public static byte[] Opportunity()
    {
        var record = new OpportunityRecord
        {
            TriggerSignature = Make.Signature(1), Pool = Make.Key(2), QuoteMint = Make.Key(3), OpportunityId = 4, Slot = 5, DetectedNanoseconds = 6, ExpectedProfitLamports = -7,
            ExpectedCostLamports = 8, CapitalLamports = 9, Confidence = 0.5, Kind = (OpportunityKind)2, StrategyId = 11, Flags = (OpportunityFlags)12, ExecutedNanoseconds = 0, ActualCostLamports = 14,
        };
        var frame = new byte[OpportunityView.GetFrameLength(2)];
        OpportunityView.Write(frame, 77, in record, "{}"u8);
        return frame;
    }

    public static byte[] Outcome()
    {
        var record = new OutcomeRecord
        {
            Signature = Make.Signature(1), OpportunityId = 2, Slot = 3, CompletedNanoseconds = 4, ProfitLamports = -5, FeeLamports = 6, TipLamports = 7, Status = (OutcomeStatus)2,
        };
        var frame = new byte[OutcomeView.GetFrameLength(4)];
        OutcomeView.Write(frame, 77, in record, "late"u8);
        return frame;
    }

    public static byte[] Block()
    {
        var record = new BlockRecord
        {
            Blockhash = Make.Key(1), PreviousBlockhash = Make.Key(2), Leader = default, Slot = 4, ParentSlot = 3, BlockHeight = 5, BlockTimeSeconds = 6, TransactionCount = 7, Stage = (SightingStage)3,
        };
        var frame = new byte[BlockView.GetFrameLength()];
        BlockView.Write(frame, 77, in record);
        return frame;
    }

    public static byte[] Slot()
    {
        var record = new SlotRecord { Slot = 4, ParentSlot = 3, TimeNanoseconds = 5, Stage = (SightingStage)2 };
        var frame = new byte[SlotView.GetFrameLength()];
        SlotView.Write(frame, 77, in record);
        return frame;
    }

    public static byte[] Account()
    {
        var record = new AccountRecord
        {
            Address = Make.Key(1), Owner = Make.Key(2), TransactionSignature = Make.Signature(3), Slot = 4, WriteVersion = 5, Lamports = 6, RentEpoch = ulong.MaxValue, Stage = (SightingStage)2, Flags = (AccountFlags)1,
        };
        var frame = new byte[AccountView.GetFrameLength(2)];
        AccountView.Write(frame, 77, in record, [1, 2]);
        return frame;
    }

    public static byte[] Node()
    {
        var record = new NodeRecord
        {
            Identity = Make.Key(1), VoteAccount = Make.Key(2), ObservedNanoseconds = 3, Slot = 4, ActivatedStakeLamports = 5, LastVoteSlot = 6, RootSlot = 7, LatencyNanoseconds = 8,
            LeaderSlots = 9, BlocksProduced = 10, SlotsBehind = 11, Health = (NodeHealth)2, CommissionPercent = 12,
        };
        var frame = new byte[NodeView.GetFrameLength(1, 2, 3)];
        NodeView.Write(frame, 77, in record, "n"u8, "v2"u8, "adr"u8);
        return frame;
    }

    public static byte[] Strategy()
    {
        var record = new StrategyRecord
        {
            StrategyId = 1, Flags = (StrategyFlags)1, Revision = 2, Slot = 3, ObservedNanoseconds = 4, Seen = 5, Submitted = 6, Landed = 7, ProfitLamports = -8, CostLamports = 9,
        };
        var frame = new byte[StrategyView.GetFrameLength(1, 2)];
        StrategyView.Write(frame, 77, in record, "s"u8, "{}"u8);
        return frame;
    }

    public static byte[] Metric(ulong number = 2)
    {
        var record = new MetricRecord { Value = 1.5, TimeNanoseconds = number };
        var frame = new byte[MetricView.GetFrameLength(1, 1)];
        MetricView.Write(frame, 77, in record, "m"u8, "t"u8);
        return frame;
    }

    public static byte[] Gap()
    {
        var record = new GapRecord
        {
            SessionId = 1, FirstSequence = 2, LastSequence = 3, DetectedNanoseconds = 4, SourceId = 5, State = (GapState)1, FirstSlot = 6, LastSlot = 7, AfterLsn = 8, MissingRecords = 9, Cause = (GapCause)2,
        };
        var frame = new byte[GapView.GetFrameLength(3)];
        GapView.Write(frame, 77, in record, "why"u8);
        return frame;
    }

    public static byte[] Label()
    {
        var record = new LabelRecord
        {
            TargetLsn = 1, LabeledNanoseconds = 2, Slot = 3, ProfitLamports = -4, Confidence = 0.25, Kind = (OpportunityKind)1, RuleId = 5, RuleVersion = 6, Flags = (LabelFlags)1,
        };
        LabelLeg[] legs =
        [
            new LabelLeg { Signature = Make.Signature(1), Lsn = 2, Slot = 3, IndexInBlock = 4, Role = (LabelRole)1 },
            new LabelLeg { Signature = Make.Signature(5), Lsn = 6, Slot = 7, IndexInBlock = 8, Role = (LabelRole)2 },
        ];
        var frame = new byte[LabelView.GetFrameLength(2, 2)];
        LabelView.Write(frame, 77, in record, legs, "ev"u8);
        return frame;
    }

    public static byte[] Prediction()
    {
        var record = new PredictionRecord { FeatureSchemaHash = 1, TimeNanoseconds = 2, Threshold = 0.75 };
        ScoreEntry[] scores = [new ScoreEntry { TransactionLsn = 3, Score = 0.5f, Propensity = 0.25f }, new ScoreEntry { TransactionLsn = 4, Score = 1, Propensity = 0 }];
        var frame = new byte[PredictionView.GetFrameLength(2, 2)];
        PredictionView.Write(frame, 77, in record, scores, "m1"u8);
        return frame;
    }

    public static byte[] ParameterChange()
    {
        var record = new ParameterChangeRecord
        {
            UpdateId = MemoryMarshal.Read<Guid>("0123456789abcdef"u8), SessionId = 1, Revision = 2, ChangedNanoseconds = 3, ExpiresNanoseconds = 0, SourceId = 4, StrategyId = 5, State = (ParameterState)1,
        };
        var frame = new byte[ParameterChangeView.GetFrameLength(2, 1, 3)];
        ParameterChangeView.Write(frame, 77, in record, "{}"u8, "a"u8, "why"u8);
        return frame;
    }

    public static byte[] Audit()
    {
        var record = new AuditRecord { OccurredNanoseconds = 1, Outcome = (AuditOutcome)1 };
        var frame = new byte[AuditView.GetFrameLength(1, 2, 3, 4)];
        AuditView.Write(frame, 77, in record, "a"u8, "bc"u8, "def"u8, "ghij"u8);
        return frame;
    }

    private static SwapEntry Swap(int number) => new()
    {
        Program = Make.Key(21), Pool = Make.Key(22), Trader = Make.Key(23), MintIn = Make.Key(24), MintOut = Make.Key(25), AmountIn = 26 + (ulong)number, AmountOut = 27, MinimumAmountOut = 28,
        ReserveInBefore = 29, ReserveOutBefore = 30, OuterInstruction = 31, InnerInstruction = 32, Venue = (VenueId)3, Flags = (SwapFlags)1, DecimalsIn = 6, DecimalsOut = 9,
    };
}
