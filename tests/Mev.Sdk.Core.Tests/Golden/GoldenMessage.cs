using System.Globalization;

namespace Mev.Sdk.Tests.Golden;

/// <summary>One message of tests/golden/v1/manifest.txt, which says what its lines mean; native/tests reads the same file.</summary>
public sealed class GoldenMessage(string name, ulong sequence, ulong engineTime)
{
    public string Name { get; } = name;

    public ulong Sequence { get; } = sequence;

    public ulong EngineTime { get; } = engineTime;

    public string Group { get; private set; } = "";

    public List<(string Name, string Value)> Block { get; } = [];

    public List<List<(string Name, string Value)>> Entries { get; } = [];

    public List<(string Name, byte[] Bytes)> Data { get; } = [];

    public byte[] Frame => Convert.FromHexString(string.Concat(File.ReadAllLines(Path.Combine(FindFolder(), $"{Name}.hex"))));

    public static IReadOnlyList<GoldenMessage> ReadAll()
    {
        var all = new List<GoldenMessage>();
        foreach (var line in File.ReadLines(Path.Combine(FindFolder(), "manifest.txt")))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            switch (words)
            {
                case [] or ["#", ..]:
                    break;
                case ["message", var name, var sequence, var time]:
                    all.Add(new GoldenMessage(name, ulong.Parse(sequence, CultureInfo.InvariantCulture), ulong.Parse(time, CultureInfo.InvariantCulture)));
                    break;
                case ["group", var name]:
                    all[^1].Group = name;
                    break;
                case ["entry"]:
                    all[^1].Entries.Add([]);
                    break;
                case ["field", var name, var value]:
                    (all[^1].Entries.Count > 0 ? all[^1].Entries[^1] : all[^1].Block).Add((name, value));
                    break;
                case ["data", var name, var value]:
                    all[^1].Data.Add((name, Convert.FromHexString(value.AsSpan(1))));
                    break;
                default:
                    throw new InvalidDataException($"manifest.txt: unknown line '{line}'");
            }
        }

        return all;
    }

    private static string FindFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "tests", "golden", "v1");
            if (Directory.Exists(path))
            {
                return path;
            }
        }

        throw new DirectoryNotFoundException("tests/golden/v1 was not found above the tests.");
    }
}
