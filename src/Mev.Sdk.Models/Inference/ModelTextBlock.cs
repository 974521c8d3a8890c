using System.Globalization;

namespace Mev.Sdk.Models.Inference;

/// <summary>The key=value lines between two blank lines, with the numbers of the lines.</summary>
internal sealed class ModelTextBlock(string name, int firstLine)
{
    private readonly Dictionary<string, (string Value, int Line)> _values = new(StringComparer.Ordinal);

    public void Add(string line, int number)
    {
        var at = line.IndexOf('=', StringComparison.Ordinal);
        var (key, value) = at < 0 ? (line, string.Empty) : (line[..at], line[(at + 1)..]);
        if (!_values.TryAdd(key, (value, number)))
        {
            throw new ModelFormatException(number, $"'{key}' occurs twice in {name}.");
        }
    }

    public bool Has(string key) => _values.ContainsKey(key);

    public int Line(string key) => _values.TryGetValue(key, out var found) ? found.Line : firstLine;

    public string Text(string key) => _values.TryGetValue(key, out var found)
        ? found.Value
        : throw new ModelFormatException(firstLine, $"{name} has no '{key}'.");

    public int Integer(string key, int least, int most) =>
        int.TryParse(Text(key), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : throw new ModelFormatException(Line(key), $"{key} is '{Text(key)}', not a number from {least} to {most}.");

    public int[] Integers(string key, int count)
    {
        var words = Words(key, count);
        var values = new int[count];
        for (var i = 0; i < count; i++)
        {
            if (!int.TryParse(words[i], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out values[i]))
            {
                throw new ModelFormatException(Line(key), $"value {i} of {key} is '{words[i]}', not an integer.");
            }
        }

        return values;
    }

    public double[] Doubles(string key, int count)
    {
        var words = Words(key, count);
        var values = new double[count];
        for (var i = 0; i < count; i++)
        {
            if (!TryParse(words[i], out values[i]))
            {
                throw new ModelFormatException(Line(key), $"value {i} of {key} is '{words[i]}', not a number.");
            }
        }

        return values;
    }

    // C++ streams write infinity as "inf"; LightGBM uses it for a split that parts missing values from all others.
    private static bool TryParse(string word, out double value)
    {
        value = word switch
        {
            "inf" => double.PositiveInfinity,
            "-inf" => double.NegativeInfinity,
            _ => 0,
        };
        return value != 0 || double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    private string[] Words(string key, int count)
    {
        var words = Text(key).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length == count
            ? words
            : throw new ModelFormatException(Line(key), $"{key} of {name} has {words.Length} values, {count} were expected: the line is cut off or altered.");
    }
}
