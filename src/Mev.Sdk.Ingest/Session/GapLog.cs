using Mev.Sdk.Ingest.Diagnostics;
using Mev.Sdk.Records;
using Microsoft.Extensions.Logging;

namespace Mev.Sdk.Ingest.Session;

/// <summary>Reports gaps, a few a second; how many more there were is said with the next one. Thread-safe.</summary>
internal sealed class GapLog(ILogger logger, TimeProvider time)
{
    private const int LinesPerSecond = 10;

    private readonly Lock _gate = new();
    private long _second = time.GetTimestamp();
    private int _lines;
    private long _skipped;

    public void Detected(CoverageGap gap)
    {
        if (!MayWrite())
        {
            return;
        }

        if (gap.IsOpenEnded)
        {
            Log.EndUnknown(logger, gap.SourceName, gap.SessionId, gap.FirstSequence, gap.Reason);
        }
        else
        {
            Log.GapDetected(logger, gap.SourceName, gap.SessionId, gap.FirstSequence, gap.LastSequence, gap.Reason);
        }
    }

    public void Resolved(CoverageGap gap)
    {
        if (!MayWrite())
        {
            return;
        }

        if (gap.State == GapState.Healed)
        {
            Log.GapHealed(logger, gap.SourceName, gap.SessionId, gap.FirstSequence, gap.LastSequence);
        }
        else
        {
            Log.GapFinal(logger, gap.SourceName, gap.SessionId, gap.FirstSequence, gap.LastSequence, gap.Reason);
        }
    }

    private bool MayWrite()
    {
        long skipped;
        lock (_gate)
        {
            if (time.GetElapsedTime(_second) < TimeSpan.FromSeconds(1))
            {
                if (_lines == LinesPerSecond)
                {
                    _skipped++;
                    return false;
                }

                _lines++;
                return true;
            }

            (skipped, _skipped, _lines, _second) = (_skipped, 0, 1, time.GetTimestamp());
        }

        if (skipped > 0)
        {
            Log.GapsNotReported(logger, skipped);
        }

        return true;
    }
}
