#!/usr/bin/env dotnet
// Merges the coverage of all test projects, prints it a package, and holds it against the figures kept in the repository.
// usage: dotnet run eng/Coverage.cs -- RESULTS_FOLDER KEPT_FIGURES_FILE [--update]
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

// Points that a figure may differ between two runs of the same build, because racing threads take other branches. Seen over five runs: lines of
// Mev.Sdk.Storage 96.7 and 96.8, branches of Mev.Sdk.Ingest 93.3 to 93.7 by its own tests.
const double LineTolerance = 0.1;
const double BranchTolerance = 0.5;

var culture = CultureInfo.InvariantCulture;
if (args.Length < 2)
{
    Console.Error.WriteLine("usage: dotnet run eng/Coverage.cs -- RESULTS_FOLDER KEPT_FIGURES_FILE [--update]");
    return 2;
}

var (results, keptFile, update) = (args[0], args[1], args.Contains("--update", StringComparer.Ordinal));
var measured = new SortedDictionary<string, PackageCoverage>(StringComparer.Ordinal);
foreach (var report in Directory.EnumerateFiles(results, "coverage.*json", SearchOption.AllDirectories))
{
    Merge(report, measured);
}

// A package that no test touches counts with nothing covered; only those without a line of code have no figure.
var kept = ReadKept(keptFile);
var raised = new SortedDictionary<string, (double Line, double Branch)>(StringComparer.Ordinal);
var problems = new List<string>();
Console.WriteLine("coverage                          line  (kept)   branch  (kept)");
foreach (var (package, coverage) in measured)
{
    var (line, branch) = (coverage.LinePercent, coverage.BranchPercent);
    var known = kept.TryGetValue(package, out var floor);
    Console.WriteLine(string.Create(culture, $"  {package,-28} {line,7:0.0} ({(known ? floor.Line : 0),5:0.0})  {branch,7:0.0} ({(known ? floor.Branch : 0),5:0.0})"));
    raised[package] = (Math.Max(line, floor.Line), Math.Max(branch, floor.Branch));
    if (!known && !update)
    {
        problems.Add($"{package} has no figure in {keptFile}: add it with eng/test.sh --update-coverage");
        continue;
    }

    Compare(package, "line", line, floor.Line, LineTolerance);
    Compare(package, "branch", branch, floor.Branch, BranchTolerance);
}

foreach (var package in kept.Keys.Where(package => !measured.ContainsKey(package)))
{
    problems.Add($"{package} has a figure in {keptFile} but none of its code was seen by any test: was a test project lost?");
}

if (update)
{
    WriteKept(keptFile, raised);
    Console.WriteLine($"figures written to {keptFile}; figures never fall here, lower one by hand and say why in the commit");
}
else if (raised.Any(entry => kept.TryGetValue(entry.Key, out var floor) && (entry.Value.Line > floor.Line + LineTolerance || entry.Value.Branch > floor.Branch + BranchTolerance)))
{
    Console.WriteLine("coverage rose: keep it with eng/test.sh --update-coverage");
}

foreach (var problem in problems)
{
    Console.WriteLine("coverage: " + problem);
}

return problems.Count == 0 ? 0 : 1;

void Compare(string package, string kind, double now, double floor, double tolerance)
{
    if (now < floor - tolerance - 1e-9)
    {
        problems.Add(string.Create(culture, $"{package}: {kind} coverage fell from {floor:0.0} to {now:0.0}; test what is new, eng/README.md says how to see it"));
    }
}

// coverlet's own JSON: module -> source file -> type -> method -> { Lines: { number: hits }, Branches: [ { Line, Offset, EndOffset, Path, Ordinal, Hits } ] }.
// All projects were built once, so a branch is the same branch in every report.
static void Merge(string report, SortedDictionary<string, PackageCoverage> packages)
{
    using var document = JsonDocument.Parse(File.ReadAllBytes(report));
    foreach (var module in document.RootElement.EnumerateObject())
    {
        foreach (var source in module.Value.EnumerateObject())
        {
            var match = Regex.Match(source.Name.Replace('\\', '/'), @"(?:^|/)src/(?<package>[^/]+)/(?<file>.+)$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
            if (!match.Success || match.Groups["file"].Value.StartsWith("obj/", StringComparison.Ordinal))
            {
                continue;
            }

            var package = match.Groups["package"].Value;
            if (!packages.TryGetValue(package, out var coverage))
            {
                packages[package] = coverage = new PackageCoverage();
            }

            foreach (var method in source.Value.EnumerateObject().SelectMany(type => type.Value.EnumerateObject()))
            {
                coverage.Add(match.Groups["file"].Value, method.Name, method.Value);
            }
        }
    }
}

static SortedDictionary<string, (double Line, double Branch)> ReadKept(string path)
{
    var figures = new SortedDictionary<string, (double, double)>(StringComparer.Ordinal);
    if (!File.Exists(path))
    {
        return figures;
    }

    using var document = JsonDocument.Parse(File.ReadAllBytes(path));
    foreach (var package in document.RootElement.EnumerateObject())
    {
        figures[package.Name] = (package.Value.GetProperty("line").GetDouble(), package.Value.GetProperty("branch").GetDouble());
    }

    return figures;
}

static void WriteKept(string path, SortedDictionary<string, (double Line, double Branch)> figures)
{
    var lines = figures.Select(figure => string.Create(CultureInfo.InvariantCulture, $"  \"{figure.Key}\": {{ \"line\": {figure.Value.Line:0.0}, \"branch\": {figure.Value.Branch:0.0} }}"));
    File.WriteAllText(path, "{\n" + string.Join(",\n", lines) + "\n}\n");
}

internal sealed class PackageCoverage
{
    private readonly Dictionary<(string File, int Line), bool> _lines = [];
    private readonly Dictionary<(string File, string Method, int Line, int Offset, int Path), bool> _branches = [];

    public double LinePercent => Percent(_lines.Values);

    public double BranchPercent => Percent(_branches.Values);

    public void Add(string file, string method, JsonElement points)
    {
        foreach (var line in points.GetProperty("Lines").EnumerateObject())
        {
            Count(_lines, (file, int.Parse(line.Name, CultureInfo.InvariantCulture)), line.Value.GetInt64() > 0);
        }

        foreach (var branch in points.GetProperty("Branches").EnumerateArray())
        {
            var key = (file, method, branch.GetProperty("Line").GetInt32(), branch.GetProperty("Offset").GetInt32(), branch.GetProperty("Path").GetInt32());
            Count(_branches, key, branch.GetProperty("Hits").GetInt64() > 0);
        }
    }

    private static void Count<TKey>(Dictionary<TKey, bool> points, TKey key, bool covered)
        where TKey : notnull => points[key] = covered || (points.TryGetValue(key, out var before) && before);

    // Rounded down, so that a kept figure is never more than what was measured; nothing to cover is all covered.
    private static double Percent(IReadOnlyCollection<bool> points) =>
        points.Count == 0 ? 100 : Math.Floor(1000.0 * points.Count(covered => covered) / points.Count) / 10;
}
