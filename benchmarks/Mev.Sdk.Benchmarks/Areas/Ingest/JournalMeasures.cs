using System.Globalization;
using System.Text.Json;
using Mev.Sdk.Benchmarks.Children;
using Mev.Sdk.Benchmarks.Scorecard;

namespace Mev.Sdk.Benchmarks.Areas.Ingest;

/// <summary>From frames in memory to a journal on disk.</summary>
internal static class JournalMeasures
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static IEnumerable<Measure> Run(byte[] source, string origin)
    {
        var folder = Directory.CreateTempSubdirectory("mev-journal-");
        try
        {
            var frames = Path.Combine(folder.FullName, "frames");
            File.WriteAllBytes(frames, source);
            using var child = ChildProcess.StartSelf(JournalChild.Name, frames, folder.FullName);
            var figures = JsonSerializer.Deserialize<JournalFigures>(child.ReadLine(Patience))!;
            var note = string.Create(
                CultureInfo.InvariantCulture,
                $"{figures.RawBytes >> 20} MiB of frames of {origin}, numbered on from pass to pass, default options (LZ4, blocks of 1 MiB, a sync every 100 ms), into a new folder, closed in the end; {(figures.OneCore ? "one core for all threads" : "not pinned to one core")}. The peer compresses the same blocks with the same codec and level, writes 4 MiB at a time and syncs at the same interval; it checks and copies no frame, keeps no index, and computes no checksum");
            yield return new Measure
            {
                Name = "ingest.journal",
                Value = figures.Ours / 1e6,
                Unit = "MB/s",
                Peer = "K4os LZ4, write, fsync",
                PeerValue = figures.Peer / 1e6,
                Note = note,
            };
            yield return new Measure
            {
                Name = "ingest.journal.ratio",
                Value = (double)figures.RawBytes / figures.JournalBytes,
                Unit = "frame bytes/stored byte",
                Peer = "K4os LZ4 payload alone",
                PeerValue = (double)figures.RawBytes / figures.PeerBytes,
                Note = "all files of the journal's folder, headers and seals counted; the same run",
            };
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
