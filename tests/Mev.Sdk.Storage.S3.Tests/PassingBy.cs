using Amazon.Runtime;

namespace Mev.Sdk.Storage.S3.Tests;

/// <summary>Lets requests of a client pass, but for those that somebody wants to answer, change or lose.</summary>
internal sealed class PassingBy(Func<HttpRequestMessage, bool> concerns, Func<HttpRequestMessage, Func<Task<HttpResponseMessage>>, Task<HttpResponseMessage>> happens) : HttpClientFactory
{
    private readonly List<string> _seen = [];

    /// <summary>Every request that was sent: method, path and query.</summary>
    public IReadOnlyList<string> Seen
    {
        get
        {
            lock (_seen)
            {
                return [.. _seen];
            }
        }
    }

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(new Handler(this)) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    private sealed class Handler(PassingBy owner) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            lock (owner._seen)
            {
                owner._seen.Add($"{request.Method} {request.RequestUri!.PathAndQuery}");
            }

            return owner.Concerns(request) ? owner.Happens(request, () => base.SendAsync(request, cancellationToken)) : base.SendAsync(request, cancellationToken);
        }
    }

    private bool Concerns(HttpRequestMessage request) => concerns(request);

    private Task<HttpResponseMessage> Happens(HttpRequestMessage request, Func<Task<HttpResponseMessage>> goesOn) => happens(request, goesOn);
}
