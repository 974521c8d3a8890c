using Mev.Sdk.Benchmarks.Children;
using Mev.Sdk.Benchmarks.Scorecard;

if (args is ["scorecard", .. var areas])
{
    return ScorecardCommand.Run(areas, Console.Out, Console.Error);
}

if (args is [ChildCommand.Verb, .. var childArgs])
{
    return await ChildCommand.RunAsync(childArgs).ConfigureAwait(false);
}

if (args is ["bdn", .. var rest])
{
    // An empty filter would ask which suite; a script cannot answer.
    BenchmarkDotNet.Running.BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(rest.Length > 0 ? rest : ["--filter", "*"]);
    return 0;
}

Console.Error.WriteLine($"""
    usage: dotnet run -c Release --project benchmarks/Mev.Sdk.Benchmarks -- scorecard [area ...]
           dotnet run -c Release --project benchmarks/Mev.Sdk.Benchmarks -- bdn [BenchmarkDotNet options]
    areas: {string.Join(", ", ScorecardCommand.Areas.Select(area => area.Name))}
    docs/benchmarks.md says what each measure means.
    """);
return 2;
