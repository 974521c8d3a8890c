using System.Globalization;
using Mev.Sdk.Benchmarks.Data;
using Mev.Sdk.Benchmarks.Scorecard;
using Mev.Sdk.Storage.Archive;

namespace Mev.Sdk.Benchmarks.Areas.Archive;

/// <summary>What a key dictionary that was made of other transactions is worth.</summary>
internal static class WarmMeasures
{
    /// <summary>Each half of the set with a generation made of the other half and the block: none is made of what it compresses.</summary>
    public static Measure Run(ArchiveInput block, ArchiveInput diverse)
    {
        var halves = Enumerable.Range(0, 2).Select(odd => diverse.Frames.Where((_, i) => i % 2 == odd).ToList()).ToArray();
        long archived = 0, cold = 0;
        var dictionaries = new List<KeyDictionary>();
        for (var i = 0; i < 2; i++)
        {
            var builder = new KeyDictionaryBuilder();
            foreach (var (frame, _) in block.Frames.Concat(halves[1 - i]))
            {
                builder.Add(frame);
            }

            var dictionary = builder.Build(minTransactions: 1) ?? throw new InvalidOperationException("No transaction names a key.");
            dictionaries.Add(dictionary);
            archived += ArchiveObjectSize.Of(halves[i], dictionary);
            cold += ArchiveObjectSize.Of(halves[i], null);
        }

        return new Measure
        {
            Name = "archive.diverse.warm",
            Value = (double)diverse.Json.Length / archived,
            Unit = "JSON bytes/archived byte",
            Note = string.Create(
                CultureInfo.InvariantCulture,
                $"the {diverse.Frames.Count} transactions in two objects of every second one, {archived} B whole, each with the key dictionary of the other half and the block (every key; {string.Join(" and ", dictionaries.Select(static d => d.Keys.Length))} keys, {string.Join(" and ", dictionaries.Select(static d => d.Blob.Length))} B, not counted). The same two objects without a dictionary: {cold} B, {(double)diverse.Json.Length / cold:F2}"),
        };
    }
}
