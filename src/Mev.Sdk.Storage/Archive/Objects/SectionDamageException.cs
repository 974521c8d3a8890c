namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>What is wrong within a section, before it is known which section of which object it is.</summary>
internal sealed class SectionDamageException(string problem, Exception? cause = null) : Exception(problem, cause);
