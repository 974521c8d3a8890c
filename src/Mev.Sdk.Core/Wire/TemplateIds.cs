namespace Mev.Sdk.Wire;

/// <summary>Message ids; stable on the wire and on disk, never reused. Reserved ids are listed in docs/wire-format.md.</summary>
public static class TemplateIds
{
    /// <summary><see cref="Records.TransactionRecord"/>.</summary>
    public const ushort Transaction = 1;

    /// <summary><see cref="Records.OpportunityRecord"/>.</summary>
    public const ushort Opportunity = 2;

    /// <summary><see cref="Records.OutcomeRecord"/>.</summary>
    public const ushort Outcome = 3;

    /// <summary><see cref="Records.BlockRecord"/>.</summary>
    public const ushort Block = 4;

    /// <summary><see cref="Records.AccountRecord"/>.</summary>
    public const ushort Account = 5;

    /// <summary><see cref="Records.MetricRecord"/>.</summary>
    public const ushort Metric = 6;

    /// <summary><see cref="Records.NodeRecord"/>.</summary>
    public const ushort Node = 7;

    /// <summary><see cref="Records.StrategyRecord"/>.</summary>
    public const ushort Strategy = 8;

    /// <summary><see cref="Records.SlotRecord"/>.</summary>
    public const ushort Slot = 32;

    /// <summary><see cref="Records.GapRecord"/>.</summary>
    public const ushort Gap = 33;

    /// <summary><see cref="Records.LabelRecord"/>.</summary>
    public const ushort Label = 34;

    /// <summary><see cref="Records.PredictionRecord"/>.</summary>
    public const ushort Prediction = 35;

    /// <summary><see cref="Records.ParameterChangeRecord"/>.</summary>
    public const ushort ParameterChange = 36;

    /// <summary><see cref="Records.AuditRecord"/>.</summary>
    public const ushort Audit = 37;

    /// <summary><see cref="HelloMessage"/>.</summary>
    public const ushort Hello = 64;

    /// <summary><see cref="ChallengeMessage"/>.</summary>
    public const ushort Challenge = 65;

    /// <summary><see cref="SubscribeMessage"/>.</summary>
    public const ushort Subscribe = 66;

    /// <summary><see cref="HeartbeatMessage"/>.</summary>
    public const ushort Heartbeat = 67;

    /// <summary><see cref="AckMessage"/>.</summary>
    public const ushort Ack = 68;

    /// <summary><see cref="ReplayRequestMessage"/>.</summary>
    public const ushort ReplayRequest = 69;

    /// <summary><see cref="GapNoticeMessage"/>.</summary>
    public const ushort GapNotice = 70;

    /// <summary><see cref="GoodbyeMessage"/>.</summary>
    public const ushort Goodbye = 71;

    /// <summary><see cref="ProofMessage"/>.</summary>
    public const ushort Proof = 72;

    /// <summary><see cref="OpportunityScoresMessage"/>.</summary>
    public const ushort OpportunityScores = 96;

    /// <summary><see cref="ParameterUpdateMessage"/>.</summary>
    public const ushort ParameterUpdate = 97;

    /// <summary><see cref="ParameterResultMessage"/>.</summary>
    public const ushort ParameterResult = 98;

    /// <summary>The first id of session messages; records are below.</summary>
    public const ushort FirstSession = 64;

    /// <summary>Whether an engine may send records of a template id: its own kinds, and <see cref="Slot"/>.</summary>
    /// <param name="templateId">The id.</param>
    /// <returns>True for 1-32; what is above is the host's own, or no record at all.</returns>
    public static bool IsEngineRecord(ushort templateId) => templateId is > 0 and <= Slot;

    /// <summary>Whether a template id is a record's (an engine's or the host's own), not a session or control message's.</summary>
    /// <param name="templateId">The id.</param>
    /// <returns>True for 1-63.</returns>
    public static bool IsRecord(ushort templateId) => templateId is > 0 and < FirstSession;
}
