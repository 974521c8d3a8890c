namespace Mev.Sdk.Benchmarks.Scorecard;

/// <summary>A part of the scorecard that can be asked for by name.</summary>
internal interface IArea
{
    /// <summary>The first part of its measures' names.</summary>
    string Name { get; }

    /// <summary>Measures, one after the other, as they are ready.</summary>
    IEnumerable<Measure> Run();
}
