using System.Text;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Tests.Support;

/// <summary>Small valid record frames whose payload is a number, so that a test can tell them apart after any journey.</summary>
internal static class Frames
{
    public static byte[] Numbered(long number, ulong sequence = 0, int padding = 0)
    {
        var tags = new byte[padding];
        Array.Fill(tags, (byte)'x');
        var record = new MetricRecord { Value = number };
        var frame = new byte[MetricView.GetFrameLength(1, tags.Length)];
        MetricView.Write(frame, engineTimeNanoseconds: 0, in record, "n"u8, tags);
        if (sequence != 0)
        {
            FrameWriter.Stamp(frame, sequence, 0);
        }

        return frame;
    }

    public static byte[] Many(long first, int count, int padding = 0) =>
        [.. Enumerable.Range(0, count).SelectMany(i => Numbered(first + i, padding: padding))];

    public static long NumberOf(in RecordView record) =>
        MetricView.TryRead(in record, out var view) ? (long)view.Record.Value : throw new InvalidDataException("not a numbered frame");

    public static byte[] Concat(params byte[][] frames) => [.. frames.SelectMany(frame => frame)];
}
