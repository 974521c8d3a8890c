using System.Text.Json;

namespace Mev.Sdk.Benchmarks.Scorecard;

/// <summary>One line of the scorecard.</summary>
internal sealed record Measure
{
    /// <summary>The name that issues and docs use, area first.</summary>
    public required string Name { get; init; }

    /// <summary>Our figure, in <see cref="Unit"/>.</summary>
    public required double Value { get; init; }

    /// <summary>Unit of both figures; a share is a fraction of 1.</summary>
    public required string Unit { get; init; }

    /// <summary>Who did the same work in the same run, or null.</summary>
    public string? Peer { get; init; }

    /// <summary>The peer's figure.</summary>
    public double PeerValue { get; init; }

    /// <summary>True for times and sizes, where the smaller figure wins.</summary>
    public bool LessIsBetter { get; init; }

    /// <summary>Ours over the peer's, turned so that more is better; null without a peer and where our figure is 0.</summary>
    public double? Ratio =>
        Peer is null || (LessIsBetter ? Value : PeerValue) == 0 ? null : LessIsBetter ? PeerValue / Value : Value / PeerValue;

    /// <summary>What the data was, what both sides did, and anything that limits the claim.</summary>
    public required string Note { get; init; }

    /// <summary>Writes the measure as one line of JSON.</summary>
    public void WriteTo(TextWriter output)
    {
        using var line = new MemoryStream();
        using (var json = new Utf8JsonWriter(line, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("name", Name);
            json.WriteNumber("value", Round(Value));
            json.WriteString("unit", Unit);
            if (Peer is not null)
            {
                json.WriteString("peer", Peer);
                json.WriteNumber("peerValue", Round(PeerValue));
                if (Ratio is { } ratio)
                {
                    json.WriteNumber("ratio", Round(ratio));
                }
            }

            json.WriteString("note", Note);
            json.WriteEndObject();
        }

        output.WriteLine(System.Text.Encoding.UTF8.GetString(line.ToArray()));
        output.Flush();
    }

    // Four significant digits: more would be noise.
    private static double Round(double value)
    {
        if (value == 0 || !double.IsFinite(value))
        {
            return 0;
        }

        var digits = Math.Clamp(3 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 15);
        return Math.Round(value, digits);
    }
}
