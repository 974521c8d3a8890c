namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>Another sealer took over; this one must put nothing more.</summary>
internal sealed class SealerFencedException(string message) : IOException(message);
