namespace Mev.Sdk;

/// <summary>Something that delivers records: an engine's stream, the chain, files.</summary>
public interface IRecordSource
{
    /// <summary>The configured name; its CRC-32C is the source id in <see cref="StreamPosition"/>.</summary>
    string Name { get; }

    /// <summary>Delivers records until cancelled or until there are no more; reconnects by itself.</summary>
    /// <param name="intake">Where to deliver.</param>
    /// <param name="cancellationToken">Ends the source.</param>
    /// <returns>Completes when the source has ended.</returns>
    Task RunAsync(IRecordIntake intake, CancellationToken cancellationToken);
}
