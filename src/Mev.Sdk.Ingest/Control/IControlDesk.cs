using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Control;

/// <summary>What a link asks of those who want things sent. Thread-safe.</summary>
internal interface IControlDesk
{
    /// <summary>An engine is connected that takes something.</summary>
    void OnOpened();

    /// <summary>The frame of the next update to send on a connection; null when there is none now; a wake says that there may be.</summary>
    byte[]? NextUpdate(uint sourceId, long connection);

    /// <summary>The engine answered.</summary>
    void OnResult(ControlLink link, ulong sessionId, in ParameterResultView result);
}
