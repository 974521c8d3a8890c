using System.Diagnostics;

namespace Mev.Sdk.Benchmarks.Scorecard;

/// <summary>Two sides do the same work on the same data in turns, so that what the machine does meanwhile meets both alike.</summary>
internal static class Duel
{
    private const int Rounds = 11;
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(150);

    /// <summary>Runs both sides.</summary>
    /// <param name="ours">One pass over all data; returns the fold of everything it decoded.</param>
    /// <param name="peer">The same pass by the peer.</param>
    /// <param name="sameFold">False where rounding may differ in the last bit and the caller has compared the results itself.</param>
    /// <returns>Median nanoseconds of this thread's running time a pass of each side.</returns>
    /// <exception cref="InvalidOperationException">The folds differ: the sides did not do the same work.</exception>
    public static (double Ours, double Peer) Nanoseconds(Func<ulong> ours, Func<ulong> peer, bool sameFold = true)
    {
        var ourFold = ours();
        var peerFold = peer();
        if (sameFold && peerFold != ourFold)
        {
            throw new InvalidOperationException($"Both sides must decode the same: ours folds to {ourFold:x16}, the peer to {peerFold:x16}.");
        }

        // Long enough for tiered compilation to settle on both sides.
        var ourPasses = PassesFor(ours);
        var peerPasses = PassesFor(peer);
        var ourTimes = new double[Rounds];
        var peerTimes = new double[Rounds];
        for (var round = 0; round < Rounds; round++)
        {
            // Who starts alternates, so that neither always runs on a warmer or a cleaner machine.
            if (round % 2 == 0)
            {
                ourTimes[round] = Time(ours, ourPasses, ourFold);
                peerTimes[round] = Time(peer, peerPasses, peerFold);
            }
            else
            {
                peerTimes[round] = Time(peer, peerPasses, peerFold);
                ourTimes[round] = Time(ours, ourPasses, ourFold);
            }
        }

        return (Median(ourTimes), Median(peerTimes));
    }

    /// <summary>Measures two rates in turns; for what more than one thread or process takes part in.</summary>
    /// <param name="ours">One run; returns its rate.</param>
    /// <param name="peer">One run of the peer.</param>
    /// <returns>The median rate of each side.</returns>
    public static (double Ours, double Peer) Rates(Func<double> ours, Func<double> peer)
    {
        var ourRates = new double[Rounds];
        var peerRates = new double[Rounds];
        for (var round = 0; round < Rounds; round++)
        {
            if (round % 2 == 0)
            {
                ourRates[round] = ours();
                peerRates[round] = peer();
            }
            else
            {
                peerRates[round] = peer();
                ourRates[round] = ours();
            }
        }

        return (Median(ourRates), Median(peerRates));
    }

    /// <summary>Bytes that one pass allocates on this thread, after warming up.</summary>
    public static long AllocatedBytes(Func<ulong> pass)
    {
        for (var i = 0; i < 3; i++)
        {
            pass();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        pass();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static int PassesFor(Func<ulong> pass)
    {
        var started = Stopwatch.GetTimestamp();
        var passes = 0;
        while (Stopwatch.GetElapsedTime(started) < WarmUp)
        {
            pass();
            passes++;
        }

        // The last pass is at full speed; the first ones are not.
        var before = ThreadClock.Nanoseconds();
        pass();
        return Math.Max(1, (int)(Round.TotalNanoseconds / Math.Max(1, ThreadClock.Nanoseconds() - before)));
    }

    private static double Time(Func<ulong> pass, int passes, ulong expected)
    {
        var started = ThreadClock.Nanoseconds();
        for (var i = 0; i < passes; i++)
        {
            if (pass() != expected)
            {
                throw new InvalidOperationException("A pass folded to something else than the first one.");
            }
        }

        return (ThreadClock.Nanoseconds() - started) / passes;
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
