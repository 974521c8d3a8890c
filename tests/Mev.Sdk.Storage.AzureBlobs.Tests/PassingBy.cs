namespace Mev.Sdk.Storage.AzureBlobs.Tests;

/// <summary>Lets requests of a client pass, but for those that somebody wants to answer, change or lose.</summary>
internal sealed class PassingBy(Func<HttpRequestMessage, bool> concerns, Func<HttpRequestMessage, Func<Task<HttpResponseMessage>>, Task<HttpResponseMessage>> happens)
{
    private int _seen;

    /// <summary>Requests that were sent and concerned somebody.</summary>
    public int Seen => Volatile.Read(ref _seen);

    public HttpClient Client() => new(new Handler(this)) { Timeout = Timeout.InfiniteTimeSpan };

    private sealed class Handler(PassingBy owner) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (!owner.Concerns(request))
            {
                return base.SendAsync(request, cancellationToken);
            }

            Interlocked.Increment(ref owner._seen);
            return owner.Happens(request, () => base.SendAsync(request, cancellationToken));
        }
    }

    private bool Concerns(HttpRequestMessage request) => concerns(request);

    private Task<HttpResponseMessage> Happens(HttpRequestMessage request, Func<Task<HttpResponseMessage>> goesOn) => happens(request, goesOn);
}
