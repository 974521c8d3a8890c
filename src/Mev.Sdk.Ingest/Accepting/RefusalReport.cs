using Mev.Sdk.Ingest.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Mev.Sdk.Ingest.Accepting;

/// <summary>Tells of connections that were not let in: counted always, a warning for the first of a kind since an engine was, quiet after.</summary>
internal sealed class RefusalReport(ILogger logger)
{
    // Reasons hold names that a stranger chose; they must not be able to fill the memory or the log with them.
    private const int MaxKinds = 16;

    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public void Refused(string peer, string reason)
    {
        IngestMetrics.Refused.Add(1);
        bool isNews;
        lock (_known)
        {
            isNews = _known.Count < MaxKinds && _known.Add(reason);
        }

        Log.EngineRefused(logger, isNews ? LogLevel.Warning : LogLevel.Debug, peer, reason);
    }

    public void Admitted()
    {
        lock (_known)
        {
            _known.Clear();
        }
    }
}
