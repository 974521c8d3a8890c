namespace Mev.Sdk.Ingest.Control;

/// <summary>A source whose engine can be sent things.</summary>
internal interface IControllableSource
{
    /// <summary>The way to its engine, connected or not.</summary>
    ControlLink Control { get; }
}
