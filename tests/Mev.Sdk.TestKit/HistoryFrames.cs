using System.Text;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.TestKit;

/// <summary>
/// Generated records of every kind as engines, the chain and a host would log them: repeated sightings that come late, forks, transactions that are dropped and come back, scores of repeats,
/// outcomes twice, texts that databases do not like, bodies that cannot be read. Coherent: a transaction is in one block at a time, and an abandoned slot stays so. The same seed gives the same records.
/// </summary>
/// <param name="seed">The seed.</param>
/// <param name="first">LSN that the first frame will get; each further one the next.</param>
public sealed class HistoryFrames(int seed, Lsn first)
{
    private readonly Random _random = new(seed);
    private readonly List<Sighted> _sighted = [];
    private readonly Dictionary<ulong, SightingStage> _slots = [];
    private readonly List<ulong> _scoreable = [];
    private readonly List<ulong> _opportunities = [];
    private ulong _lsn = first.Value;
    private ulong _number;
    private ulong _slot = 1000;

    /// <summary>The next records.</summary>
    public byte[][] Next(int count) => [.. Enumerable.Range(0, count).Select(_ => Next())];

    /// <summary>The next record.</summary>
    public byte[] Next()
    {
        var frame = _random.Next(100) switch
        {
            < 40 => FirstSighting(),
            < 56 => Repeat(),
            < 64 => Slot(),
            < 71 => Prediction(),
            < 79 => Opportunity(),
            < 84 => Outcome(),
            < 86 => Block(),
            < 88 => Account(),
            < 90 => Node(),
            < 92 => Strategy(),
            < 94 => Label(),
            95 => ParameterChange(),
            96 => Audit(),
            97 => Gap(),
            98 => Malformed(),
            _ => Metric(),
        };
        _lsn++;
        return frame;
    }

    private ulong Time => _random.Next(8) switch { 0 => 0, 1 => ulong.MaxValue, _ => 1_700_000_000_000_000_000 + ((ulong)_random.Next() * 1001) };

    private byte[] FirstSighting()
    {
        _slot += _random.Next(20) == 0 ? 1UL : 0;
        var isPending = _random.Next(3) == 0;
        var sighted = new Sighted(++_number, LiveSlot(), isPending);
        _sighted.Add(sighted);
        return Sighting(sighted.Number, sighted.Slot, isPending ? SightingStage.Pending : (SightingStage)_random.Next(2, 4));
    }

    private byte[] Repeat()
    {
        if (_sighted.Count == 0)
        {
            return FirstSighting();
        }

        // Mostly of the latest.
        var index = _sighted.Count - Math.Min(_sighted.Count, 1 + _random.Next(_random.Next(4) == 0 ? 400 : 12));
        var sighted = _sighted[index];
        var isAbandoned = !sighted.IsPending && _slots.GetValueOrDefault(sighted.Slot) >= SightingStage.Dropped;
        if (sighted.IsPending && _random.Next(4) == 0)
        {
            return Sighting(sighted.Number, sighted.Slot, _random.Next(2) == 0 ? SightingStage.Dropped : SightingStage.Pending);
        }

        if (sighted.IsPending || isAbandoned)
        {
            sighted = new Sighted(sighted.Number, LiveSlot(), IsPending: false);
            _sighted[index] = sighted;
        }

        return Sighting(sighted.Number, sighted.Slot, (SightingStage)_random.Next(1, 5));
    }

    // A block may come late, but none comes into a slot that was abandoned.
    private ulong LiveSlot()
    {
        var slot = _slot - (ulong)_random.Next(3);
        while (_slots.GetValueOrDefault(slot) >= SightingStage.Dropped)
        {
            slot++;
        }

        _slot = Math.Max(_slot, slot);
        return slot;
    }

    private byte[] Sighting(ulong number, ulong slot, SightingStage stage)
    {
        var hasMeta = _random.Next(3) > 0;
        var record = new TransactionRecord
        {
            Signature = Scatter(number), Payer = Make.Key(number % 7), Slot = slot, BlockTimeSeconds = stage == SightingStage.Pending ? 0 : 1_700_000_000 + (long)slot, Stage = stage,
            Flags = hasMeta ? TransactionFlags.HasMeta | (TransactionFlags)_random.Next(4) : TransactionFlags.None, FeeLamports = 5000 + (ulong)_random.Next(3),
            TipLamports = (ulong)_random.Next(2), ComputeUnitPriceMicroLamports = ulong.MaxValue - (ulong)_random.Next(2), IndexInBlock = (uint)((number + slot) % 1000), ErrorCustomCode = (uint)_random.Next(3),
        };
        SwapEntry[] swaps = hasMeta && _random.Next(2) == 0 ? [Make.Swap(number % 5, Make.WrappedSol, (ulong)_random.Next(), Make.Key(3), ulong.MaxValue)] : [];
        _scoreable.Add(_lsn);
        var frame = new byte[TransactionView.GetFrameLength(swaps.Length, 20, 0)];
        TransactionView.Write(frame, 1, in record, swaps, new byte[20], []);
        return frame;
    }

    private byte[] Slot()
    {
        var frame = new byte[SlotView.GetFrameLength()];
        var slot = _slot - (ulong)_random.Next(6);
        var stage = _random.Next(12) switch { 0 => SightingStage.Forked, < 4 => SightingStage.Finalized, < 6 => SightingStage.Processed, _ => SightingStage.Confirmed };
        var now = _slots.GetValueOrDefault(slot);
        stage = now >= SightingStage.Finalized ? now : stage;
        _slots[slot] = stage >= now ? stage : now;
        SlotView.Write(frame, 1, new SlotRecord { Slot = slot, ParentSlot = (ulong)_random.Next(2), TimeNanoseconds = Time, Stage = stage });
        return frame;
    }

    private byte[] Prediction()
    {
        var scores = Enumerable.Range(0, Math.Min(_scoreable.Count, _random.Next(5))).Select(_ => new ScoreEntry
        {
            TransactionLsn = _scoreable[^(1 + _random.Next(Math.Min(_scoreable.Count, 40)))], Score = _random.Next(9) == 0 ? float.NaN : _random.Next(1000) / 1000f, Propensity = 0.5f,
        }).ToArray();
        var model = Text("model");
        var frame = new byte[PredictionView.GetFrameLength(scores.Length, model.Length)];
        PredictionView.Write(frame, 1, new PredictionRecord { FeatureSchemaHash = (ulong)_random.NextInt64(), TimeNanoseconds = Time, Threshold = -0.0 }, scores, model);
        return frame;
    }

    private byte[] Opportunity()
    {
        var isObserved = _random.Next(3) == 0;
        var id = isObserved ? 0 : (ulong)_opportunities.Count + 1;
        if (!isObserved)
        {
            _opportunities.Add(id);
        }

        // Of a transaction that was sighted, or will be.
        var trigger = _random.Next(4) == 0 ? default : Scatter(_random.Next(5) == 0 ? _number + (ulong)_random.Next(3) : Math.Max(_number, 8) - (ulong)_random.Next(8));
        var record = new OpportunityRecord
        {
            OpportunityId = id, TriggerSignature = trigger, Pool = _random.Next(2) == 0 ? default : Make.Key(4), Slot = _slot, DetectedNanoseconds = Time,
            ExpectedProfitLamports = _random.Next(-3, 4), ExpectedCostLamports = 9, Confidence = _random.Next(5) switch { 0 => double.NaN, 1 => 0, _ => 0.5 },
            Kind = (OpportunityKind)_random.Next(7), StrategyId = (ushort)_random.Next(2), Flags = isObserved ? OpportunityFlags.Observed : OpportunityFlags.None,
            ActualCostLamports = (ulong)_random.Next(2), ExecutedNanoseconds = Time,
        };
        var metadata = Json();
        var frame = new byte[OpportunityView.GetFrameLength(metadata.Length)];
        OpportunityView.Write(frame, 1, in record, metadata);
        return frame;
    }

    private byte[] Outcome()
    {
        var id = _opportunities.Count == 0 || _random.Next(9) == 0 ? (ulong)_opportunities.Count + 1 : _opportunities[^(1 + _random.Next(Math.Min(_opportunities.Count, 6)))];
        var record = new OutcomeRecord
        {
            OpportunityId = id, Slot = _slot, Status = (OutcomeStatus)_random.Next(6), ProfitLamports = _random.Next(-9, 9), FeeLamports = _random.Next(9) == 0 ? ulong.MaxValue : 5, TipLamports = 7,
            CompletedNanoseconds = Time, Signature = _random.Next(2) == 0 ? default : Scatter(_number),
        };
        var reason = Text("reason");
        var frame = new byte[OutcomeView.GetFrameLength(reason.Length)];
        OutcomeView.Write(frame, 1, in record, reason);
        return frame;
    }

    private byte[] Block()
    {
        var frame = new byte[BlockView.GetFrameLength()];
        BlockView.Write(frame, 1, new BlockRecord
        {
            Slot = _slot, ParentSlot = _slot - 1, Blockhash = Make.Key(_slot), PreviousBlockhash = Make.Key(_slot - 1), Leader = _random.Next(2) == 0 ? default : Make.Key(5),
            BlockHeight = (ulong)_random.Next(2), BlockTimeSeconds = _random.Next(3) switch { 0 => 0, 1 => long.MaxValue, _ => 1_700_000_000 }, TransactionCount = 9, Stage = SightingStage.Confirmed,
        });
        return frame;
    }

    private byte[] Account()
    {
        var frame = new byte[AccountView.GetFrameLength(33)];
        AccountView.Write(frame, 1, new AccountRecord
        {
            Address = Make.Key(1), Owner = Make.Key(2), Slot = _slot, WriteVersion = _lsn, Lamports = ulong.MaxValue, RentEpoch = ulong.MaxValue, Stage = SightingStage.Processed,
            TransactionSignature = _random.Next(2) == 0 ? default : Scatter(_number), Flags = AccountFlags.Startup,
        }, new byte[33]);
        return frame;
    }

    private byte[] Node()
    {
        byte[] name = Text("node"), version = Text("2.1"), addresses = Json();
        var frame = new byte[NodeView.GetFrameLength(name.Length, version.Length, addresses.Length)];
        NodeView.Write(frame, 1, new NodeRecord
        {
            Identity = _random.Next(2) == 0 ? default : Make.Key(6), ObservedNanoseconds = Time, Slot = _slot, LeaderSlots = (uint)_random.Next(2), BlocksProduced = 0, Health = NodeHealth.Behind,
            LatencyNanoseconds = (ulong)_random.Next(2), CommissionPercent = 100,
        }, name, version, addresses);
        return frame;
    }

    private byte[] Strategy()
    {
        byte[] name = Text("strategy"), parameters = Json();
        var frame = new byte[StrategyView.GetFrameLength(name.Length, parameters.Length)];
        StrategyView.Write(frame, 1, new StrategyRecord { StrategyId = 3, Flags = StrategyFlags.Enabled, Revision = 1, Slot = (ulong)_random.Next(2), ObservedNanoseconds = Time, Seen = 5, ProfitLamports = -1, CostLamports = 1UL << 63 }, name, parameters);
        return frame;
    }

    private byte[] Label()
    {
        var legs = Enumerable.Range(0, _random.Next(4)).Select(i => new LabelLeg { Signature = Scatter((ulong)i + 1), Lsn = (ulong)i, Slot = _slot, IndexInBlock = (uint)i, Role = (LabelRole)i }).ToArray();
        var evidence = Json();
        var frame = new byte[LabelView.GetFrameLength(legs.Length, evidence.Length)];
        LabelView.Write(frame, 1, new LabelRecord
        {
            TargetLsn = _lsn - 1, LabeledNanoseconds = Time, Slot = _slot, ProfitLamports = _random.Next(-1, 2), Confidence = _random.Next(3) == 0 ? double.PositiveInfinity : 1,
            Kind = OpportunityKind.Sandwich, RuleId = 2, RuleVersion = 1, Flags = LabelFlags.Suspect,
        }, legs, evidence);
        return frame;
    }

    private byte[] Gap()
    {
        var reason = Text("gap");
        var frame = new byte[GapView.GetFrameLength(reason.Length)];
        GapView.Write(frame, 1, new GapRecord
        {
            SessionId = ulong.MaxValue, FirstSequence = 5, LastSequence = _random.Next(2) == 0 ? ulong.MaxValue : 9, DetectedNanoseconds = Time, SourceId = 1, State = (GapState)_random.Next(3),
            FirstSlot = (ulong)_random.Next(2), LastSlot = _slot, AfterLsn = (ulong)_random.Next(2), MissingRecords = (ulong)_random.Next(2), Cause = GapCause.Dropped,
        }, reason);
        return frame;
    }

    private byte[] ParameterChange()
    {
        byte[] parameters = Json(), actor = Text("actor"), reason = Text("why");
        var frame = new byte[ParameterChangeView.GetFrameLength(parameters.Length, actor.Length, reason.Length)];
        ParameterChangeView.Write(frame, 1, new ParameterChangeRecord
        {
            UpdateId = new Guid(_random.Next(), 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), SessionId = (ulong)_random.Next(2), Revision = 2, ChangedNanoseconds = Time, ExpiresNanoseconds = Time, SourceId = 1,
            StrategyId = 3, State = ParameterState.Applied,
        }, parameters, actor, reason);
        return frame;
    }

    private byte[] Audit()
    {
        byte[] actor = Text("actor"), action = Text("sign-in"), subject = Text("host"), detail = Json();
        var frame = new byte[AuditView.GetFrameLength(actor.Length, action.Length, subject.Length, detail.Length)];
        AuditView.Write(frame, 1, new AuditRecord { OccurredNanoseconds = Time, Outcome = AuditOutcome.Denied }, actor, action, subject, detail);
        return frame;
    }

    private byte[] Metric()
    {
        byte[] name = Text("metric"), tags = Json();
        var frame = new byte[MetricView.GetFrameLength(name.Length, tags.Length)];
        MetricView.Write(frame, _random.Next(2) == 0 ? 0 : 1_700_000_000_000_000_000UL, new MetricRecord { Value = _random.Next(4) == 0 ? double.NaN : _random.NextDouble(), TimeNanoseconds = Time }, name, tags);
        return frame;
    }

    private byte[] Malformed()
    {
        var frame = Metric();
        frame.AsSpan(FrameHeader.Size + MetricRecord.Size, 4).Fill(0xFF);
        return frame;
    }

    private byte[] Text(string text) => _random.Next(8) switch { 0 => [], 1 => [.. Encoding.UTF8.GetBytes(text), 0, 0xFF], 2 => Encoding.UTF8.GetBytes(text + "\t'\"\\ ü 🌶"), _ => Encoding.UTF8.GetBytes(text) };

    private byte[] Json() => Encoding.UTF8.GetBytes(_random.Next(7) switch { 0 => "", 1 => "{ not json", 2 => """{"z":"\u0000"}""", 3 => """{"b": 1.50, "a":[1e3, "ü", null], "a":2}""", _ => "{}" });

    private static Signature Scatter(ulong number)
    {
        var bytes = new byte[Signature.Size];
        new Random((int)number).NextBytes(bytes);
        return new Signature(bytes);
    }

    private readonly record struct Sighted(ulong Number, ulong Slot, bool IsPending);
}
