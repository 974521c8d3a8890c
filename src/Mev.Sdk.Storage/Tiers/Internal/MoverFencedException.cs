namespace Mev.Sdk.Storage.Tiers.Internal;

/// <summary>Another mover has the catalogue: this one must stop.</summary>
internal sealed class MoverFencedException(string? other) : Exception(other is null ? "Nobody is named in the catalogue any more." : $"Mover '{other}' works now.")
{
    public string? Other { get; } = other;
}
