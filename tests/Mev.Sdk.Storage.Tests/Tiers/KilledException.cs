namespace Mev.Sdk.Storage.Tests.Tiers;

/// <summary>The process is gone.</summary>
internal sealed class KilledException : Exception;
