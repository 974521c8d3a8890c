using System.Text.Json;
using Mev.Sdk.Benchmarks.Peers;
using Mev.Sdk.Benchmarks.Scorecard;

namespace Mev.Sdk.Benchmarks.Children;

/// <summary>Journal and peer in turns, in a process that has one core.</summary>
internal static class JournalChild
{
    public const string Name = "journal";

    /// <summary>Says one line: a <see cref="JournalFigures"/> as JSON.</summary>
    public static async Task RunAsync(string framesFile, string folder, TextWriter output)
    {
        var pinned = OneCore.TryPin();
        var work = new JournalWork(await File.ReadAllBytesAsync(framesFile).ConfigureAwait(false), folder);
        var (ours, peer) = Duel.Rates(work.Ours, work.Peer);
        var figures = new JournalFigures(ours, peer, work.RawBytes, work.JournalBytes, work.PeerBytes, pinned);
        await output.WriteLineAsync(JsonSerializer.Serialize(figures)).ConfigureAwait(false);
        await output.FlushAsync().ConfigureAwait(false);
    }
}
