using System.Net;

namespace Mev.Sdk.Ingest.Publishing.Endpoints;

/// <summary>A place where a publisher meets its subscribers.</summary>
internal interface IPublisherEndpoint : IDisposable
{
    /// <summary>The URI, with the port that was taken where it said 0.</summary>
    string Uri { get; }

    /// <summary>The address listened on; null where there is none.</summary>
    IPEndPoint? LocalEndPoint { get; }

    /// <summary>Brings connections to the desk until cancelled; never fails.</summary>
    Task RunAsync(SubscriberDesk desk, CancellationToken cancellationToken);
}
