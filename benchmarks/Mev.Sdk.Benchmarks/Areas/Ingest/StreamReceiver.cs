using System.Diagnostics;
using Mev.Sdk.Benchmarks.Data;
using Mev.Sdk.Ingest.Sequencing;
using Mev.Sdk.Ingest.Transports;

namespace Mev.Sdk.Benchmarks.Areas.Ingest;

/// <summary>Our side of a stream as a host runs it: source, session, sequencer, and a sink that counts.</summary>
internal static class StreamReceiver
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Receives for a while.</summary>
    /// <returns>Records a second, after warming up.</returns>
    public static double RecordsPerSecond(string endpoint, TimeSpan warmUp, TimeSpan measured) => RunAsync(endpoint, warmUp, measured).GetAwaiter().GetResult();

    private static async Task<double> RunAsync(string endpoint, TimeSpan warmUp, TimeSpan measured)
    {
        var sink = new CountingSink();
        var sequencer = new RecordSequencer([sink]);
        await using (sequencer.ConfigureAwait(false))
        {
            using var stopping = new CancellationTokenSource();
            var source = new EngineRecordSource(new EngineSourceOptions { Endpoint = endpoint });
            var running = source.RunAsync(sequencer, stopping.Token);
            await WaitForFirstAsync(sink, running).ConfigureAwait(false);
            await Task.Delay(warmUp, CancellationToken.None).ConfigureAwait(false);
            var (records, started) = (sink.Records, Stopwatch.GetTimestamp());
            await Task.Delay(measured, CancellationToken.None).ConfigureAwait(false);
            var rate = (sink.Records - records) / Stopwatch.GetElapsedTime(started).TotalSeconds;
            if (rate == 0 || sink.LastSequence < (ulong)sink.Records)
            {
                throw new InvalidOperationException($"The stream from {endpoint} stopped after {sink.Records} records, the last one numbered {sink.LastSequence}.");
            }

            await stopping.CancelAsync().ConfigureAwait(false);
            await running.ConfigureAwait(false);
            return rate;
        }
    }

    private static async Task WaitForFirstAsync(CountingSink sink, Task running)
    {
        var started = Stopwatch.GetTimestamp();
        while (sink.Records == 0)
        {
            if (running.IsCompleted || Stopwatch.GetElapsedTime(started) > Patience)
            {
                await running.WaitAsync(TimeSpan.Zero).ConfigureAwait(false);
                throw new InvalidOperationException("No record came.");
            }

            await Task.Delay(5).ConfigureAwait(false);
        }
    }
}
