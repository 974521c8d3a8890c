using System.Runtime.CompilerServices;

namespace Mev.Sdk.Ingest.Diagnostics;

/// <summary>The live objects of a type, for instruments that are asked; it keeps none of them alive.</summary>
internal static class Tracked<T>
    where T : class
{
    private static readonly ConditionalWeakTable<T, object> All = [];

    public static void Add(T item) => All.Add(item, All);

    public static long Sum(Func<T, long> value)
    {
        var sum = 0L;
        foreach (var (item, _) in All)
        {
            sum += value(item);
        }

        return sum;
    }

    public static IEnumerable<TValue> SelectMany<TValue>(Func<T, IEnumerable<TValue>> values)
    {
        foreach (var (item, _) in All)
        {
            foreach (var value in values(item))
            {
                yield return value;
            }
        }
    }
}
