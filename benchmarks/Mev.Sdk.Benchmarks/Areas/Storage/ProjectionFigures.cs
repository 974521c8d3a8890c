using System.Globalization;
using Mev.Sdk.Benchmarks.Scorecard;

namespace Mev.Sdk.Benchmarks.Areas.Storage;

/// <summary>What a <see cref="ProjectionRace"/> has seen.</summary>
/// <param name="Rows">Transactions that our projection stored.</param>
/// <param name="PeerRows">Transactions that the peer stored.</param>
/// <param name="BatchRows">Transactions of a batch, each batch one database transaction on both sides.</param>
/// <param name="Millions">Our rate of the first million, the second, and so on, transactions/s.</param>
/// <param name="PeerRate">The peer's rate of the first million, transactions/s.</param>
internal sealed record ProjectionFigures(long Rows, long PeerRows, int BatchRows, IReadOnlyList<double> Millions, double PeerRate)
{
    /// <summary>Our rate of the first million, when the peer took turns.</summary>
    public double Rate => Millions[0];

    /// <summary>The rate of the last million, of the first one's.</summary>
    public double LastToFirst => Millions[^1] / Millions[0];

    /// <summary>The measure <c>storage.rows.*</c>.</summary>
    /// <param name="engine">The last part of its name.</param>
    /// <param name="peer">Who the peer is.</param>
    /// <param name="sides">What both sides do, and settings of the database.</param>
    public Measure ToMeasure(string engine, string peer, string sides) => new()
    {
        Name = "storage.rows." + engine,
        Value = Rate,
        Unit = "transactions/s",
        Peer = peer,
        PeerValue = PeerRate,
        Note = string.Create(
            CultureInfo.InvariantCulture,
            $"wall clock, all batches of the first million, in turns, after one each that does not count; {BatchRows} transactions a database transaction. {sides} Of {Rows} transactions by millions: {string.Join(", ", Millions.Select(static rate => rate.ToString("F0", CultureInfo.InvariantCulture)))}/s, the last at {LastToFirst:F2} of the first"),
    };
}
