namespace Mev.Sdk.Ingest.Session;

/// <summary>Why the assembler paused. Records gathered before the pause are taken first in every case.</summary>
internal enum AssemblerStep
{
    /// <summary>The buffer holds no further whole frame.</summary>
    NeedMoreData = 0,

    /// <summary>A session frame stands in <see cref="FrameAssembler.SessionFrame"/>.</summary>
    SessionFrame = 1,

    /// <summary>The next record jumps over <see cref="FrameAssembler.GapFirst"/> to <see cref="FrameAssembler.GapLast"/>; it comes with the next scan.</summary>
    Gap = 2,

    /// <summary>The bytes are no frame.</summary>
    Malformed = 3,

    /// <summary>A record before the subscription, or one without a number.</summary>
    UnexpectedRecord = 4,

    /// <summary>A record of the host's own kinds.</summary>
    ForbiddenRecord = 5,

    /// <summary>The next record does not follow the gathered ones: a replay began or ended, or skipped what was not asked for. It comes with the next scan.</summary>
    BatchEnd = 6,
}
