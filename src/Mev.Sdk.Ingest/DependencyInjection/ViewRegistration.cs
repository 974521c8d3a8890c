namespace Mev.Sdk.Ingest.DependencyInjection;

/// <summary>Remembers that a view was registered, so that a second call configures it instead of adding another, and options are known to belong to one.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Consumer">The type that is shown the records.</param>
internal sealed record ViewRegistration(string Name, Type Consumer);
