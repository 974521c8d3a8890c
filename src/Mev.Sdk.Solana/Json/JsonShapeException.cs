namespace Mev.Sdk.Solana.Json;

/// <summary>JSON of another shape than expected, before the file's name is known.</summary>
internal sealed class JsonShapeException(string path, string problem) : Exception(problem)
{
    public string Path { get; } = path;
}
