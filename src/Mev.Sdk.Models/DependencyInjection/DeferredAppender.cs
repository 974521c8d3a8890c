using Mev.Sdk;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Finds the appender when the first record is appended: the sequencer that is the appender needs its sinks first.</summary>
internal sealed class DeferredAppender(IServiceProvider services) : IRecordAppender
{
    private IRecordAppender? _appender;

    public bool TryAppend(ReadOnlySpan<byte> frame) => (_appender ??= services.GetRequiredService<IRecordAppender>()).TryAppend(frame);
}
