using System.Globalization;
using Mev.Sdk.Storage.Archive;

namespace Mev.Sdk.DashboardHost.Archive;

/// <summary><c>archive list</c>: what the archive holds, an object a line.</summary>
internal static class ListVerb
{
    public static async Task<int> RunAsync(string[] args, TextWriter output, CancellationToken cancellationToken)
    {
        using var place = ArchivePlace.Open(ArchiveArguments.Parse("list", args, "--archive"));
        var set = new ArchiveSet(place.Store, place.Keys);
        var (bytes, transactions, objects) = (0L, 0L, 0);
        foreach (var entry in await set.RefreshAsync(cancellationToken))
        {
            var info = (await set.OpenAsync(entry, cancellationToken)).Info;
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{entry.Name}  slots {info.FirstSlot}-{info.LastSlot}  {info.Frames} records  {info.Transactions} transactions  {info.Length} bytes{(info.JsonBytes > 0 ? $"  JSON {(double)info.JsonBytes / info.Length:F1}:1" : "")}{(info.KeyId == Guid.Empty ? "" : "  encrypted")}"));
            (bytes, transactions, objects) = (bytes + info.Length, transactions + info.Transactions, objects + 1);
        }

        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{objects} objects, {transactions} transactions, {bytes} bytes in {place.Directory}"));
        return 0;
    }
}
