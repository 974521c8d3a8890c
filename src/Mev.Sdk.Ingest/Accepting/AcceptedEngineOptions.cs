using Mev.Sdk.Ingest.Transports;

namespace Mev.Sdk.Ingest.Accepting;

/// <summary>Options of one engine that may connect to this host. Configuration shape: <c>Mev:Ingest:Accept:Engines:N:*</c>.</summary>
public sealed class AcceptedEngineOptions : EngineSessionOptions
{
    /// <summary>The name that the engine says in its hello. Default null: the same as <see cref="EngineSessionOptions.Name"/>.</summary>
    public string? EngineName { get; set; }

    internal string NameInHello => EngineName ?? Name;

    internal override void Validate(string key, List<string> errors)
    {
        base.Validate(key, errors);
        if (EngineName is not null && string.IsNullOrWhiteSpace(EngineName))
        {
            errors.Add($"{key}:EngineName is empty; give the name that the engine says in its hello, or remove it.");
        }
    }
}
