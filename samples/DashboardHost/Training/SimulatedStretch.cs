using System.Buffers;
using System.Runtime.InteropServices;
using Mev.Sdk.Features;
using Mev.Sdk.Features.Sets;
using Mev.Sdk.Simulation;
using Mev.Sdk.Wire;

namespace Mev.Sdk.DashboardHost.Training;

/// <summary>A stretch of simulated market made for training only: nothing of it is stored or shown.</summary>
internal static class SimulatedStretch
{
    /// <summary>Makes a labelled set of it.</summary>
    /// <param name="slots">Slots of 400 ms.</param>
    /// <param name="set">What the set is made of.</param>
    /// <param name="features">Bounds of the feature engine.</param>
    /// <param name="progress">Told the slots done.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static TrainingSet Build(
        int slots, TrainingSetOptions set, FeatureEngineOptions features, Action<int> progress, CancellationToken cancellationToken)
    {
        // Its own seed: the stretch must not be the market that the host is about to score.
        using var market = new SimulatedMarket(new MarketOptions { Seed = 0x5EED });
        var builder = new TrainingSetBuilder(set, features);
        var frames = new ArrayBufferWriter<byte>(1 << 20);
        ulong counter = 0;
        for (var slot = 0; slot < slots && !builder.IsFull; slot++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            frames.ResetWrittenCount();
            market.WriteSlot(frames);
            for (var rest = frames.WrittenSpan; !rest.IsEmpty;)
            {
                var length = (int)MemoryMarshal.Read<uint>(rest);
                var record = new RecordView(Lsn.Create(0, ++counter), rest[..length]);
                builder.Observe(in record);
                rest = rest[length..];
            }

            progress(slot + 1);

            // Live scoring and the page come first on a small machine.
            if (slot % 8 == 7)
            {
                Thread.Sleep(1);
            }
        }

        return builder.Build();
    }
}
