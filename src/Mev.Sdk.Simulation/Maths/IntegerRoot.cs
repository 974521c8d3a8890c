namespace Mev.Sdk.Simulation.Maths;

/// <summary>Integer square roots of 128-bit numbers.</summary>
internal static class IntegerRoot
{
    /// <summary>The largest r with r * r at most <paramref name="value"/>, by Newton's iteration from above.</summary>
    public static ulong Floor(UInt128 value)
    {
        if (value == 0)
        {
            return 0;
        }

        // 2^ceil(bits / 2) is never below the root, so the iteration falls monotonically onto it.
        var bits = 128 - (int)UInt128.LeadingZeroCount(value);
        var root = UInt128.One << ((bits + 1) / 2);
        while (true)
        {
            var next = (root + (value / root)) >> 1;
            if (next >= root)
            {
                return (ulong)root;
            }

            root = next;
        }
    }
}
