using System.Globalization;
using Mev.Sdk.Benchmarks.Data;
using Mev.Sdk.Ingest.Sequencing;
using Mev.Sdk.Ingest.Transports;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Benchmarks.Children;

/// <summary>A host whose only sink is far too slow for its engine.</summary>
internal static class SlowConsumerChild
{
    public const string Name = "slow-consumer";

    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan SinkPause = TimeSpan.FromMilliseconds(20);

    /// <summary>Says "idle", is idle for a while, receives, and says how many records its sink has taken.</summary>
    public static async Task RunAsync(string endpoint, int seconds, TextWriter output, CancellationToken cancellationToken)
    {
        var sink = new SlowSink();
        var sequencer = new RecordSequencer([sink]);
        await using (sequencer.ConfigureAwait(false))
        {
            var source = new EngineRecordSource(new EngineSourceOptions { Endpoint = endpoint });
            await output.WriteLineAsync("idle").ConfigureAwait(false);
            await output.FlushAsync(cancellationToken).ConfigureAwait(false);
            await Task.Delay(IdleTime, cancellationToken).ConfigureAwait(false);
            using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            stopping.CancelAfter(TimeSpan.FromSeconds(seconds));
            await source.RunAsync(sequencer, stopping.Token).ConfigureAwait(false);
            await output.WriteLineAsync(sink.Counted.Records.ToString(CultureInfo.InvariantCulture)).ConfigureAwait(false);
            await output.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private sealed class SlowSink : IRecordSink
    {
        public CountingSink Counted { get; } = new();

        public async ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default)
        {
            await Task.Delay(SinkPause, cancellationToken).ConfigureAwait(false);
            await Counted.WriteAsync(batch, cancellationToken).ConfigureAwait(false);
        }
    }
}
