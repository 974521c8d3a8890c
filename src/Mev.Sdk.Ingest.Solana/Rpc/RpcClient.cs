using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Mev.Sdk.Ingest.Solana.Diagnostics;
using Mev.Sdk.Ingest.Solana.Internal;
using Microsoft.Extensions.Logging;

namespace Mev.Sdk.Ingest.Solana.Rpc;

/// <summary>Asks a node: paced, bounded, retried, and every outcome named and counted. Thread-safe.</summary>
internal sealed class RpcClient : IDisposable
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly HttpClient _http;
    private readonly Uri _endpoint;
    private readonly RequestPace _pace;
    private readonly TimeSpan _timeout;
    private readonly TimeSpan _initialDelay;
    private readonly TimeSpan _maxDelay;
    private readonly TimeSpan _maxRetryAfter;
    private readonly int _maxBytes;
    private readonly int _maxAttempts;
    private readonly EndpointSecrets _secrets;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _token;
    private readonly string _tokenHeader;

    /// <param name="options">Validated options; copied.</param>
    /// <param name="time">Clock and timers.</param>
    /// <param name="logger">Where retries are told.</param>
    /// <param name="handler">Sends requests; one of its own when null.</param>
    public RpcClient(RpcEndpointOptions options, TimeProvider time, ILogger logger, HttpMessageHandler? handler = null)
    {
        _endpoint = new Uri(options.Endpoint);
        _secrets = new EndpointSecrets(options.Endpoint, options.Token);
        _pace = new RequestPace(options.RequestsPerSecond, options.MaxConcurrency, time);
        _timeout = options.RequestTimeout;
        _initialDelay = options.RetryInitialDelay;
        _maxDelay = options.RetryMaxDelay;
        _maxRetryAfter = options.MaxRetryAfter;
        _maxBytes = options.MaxResponseBytes;
        _maxAttempts = options.MaxAttempts;
        _token = options.Token;
        _tokenHeader = options.TokenHeader;
        _time = time;
        _logger = logger;
        Concurrency = options.MaxConcurrency;

        // A redirect is answered with the request's own token by whoever asked for it: it is refused instead.
        _http = new HttpClient(handler ?? new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            UseCookies = false,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>Where it asks, without what is secret.</summary>
    public string Display => _secrets.Display;

    /// <summary>Requests under way at once.</summary>
    public int Concurrency { get; }

    /// <summary>Asks until there is an answer that another try would not change, or no try is left.</summary>
    /// <param name="method">The method.</param>
    /// <param name="parameters">A JSON array.</param>
    /// <param name="read">Reads the whole answer; called once an attempt that brought one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="attempts">Tries at most; null = as configured.</param>
    public async Task<RpcVerdict> CallAsync(string method, string parameters, Func<RpcBody, RpcVerdict> read, CancellationToken cancellationToken, int? attempts = null)
    {
        var most = attempts ?? _maxAttempts;
        for (var attempt = 1; ; attempt++)
        {
            var verdict = await TryOnceAsync(method, parameters, read, cancellationToken).ConfigureAwait(false);
            if (verdict.IsOk || !RpcErrors.IsTransient(verdict.Outcome) || attempt >= most)
            {
                return verdict;
            }

            var delay = DelayBehind(attempt, verdict.RetryAfter);
            Log.RequestRetried(_logger, method, Display, verdict.Problem, attempt + 1, delay);
            await Task.Delay(delay, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Asks for a result that is small enough for a tree.</summary>
    public async Task<(RpcVerdict Verdict, T? Value)> CallAsync<T>(string method, string parameters, Func<JsonElement, T> read, CancellationToken cancellationToken, int? attempts = null)
    {
        T? value = default;
        var verdict = await CallAsync(method, parameters, body => RpcAnswer.Read(body, result => value = read(result)), cancellationToken, attempts).ConfigureAwait(false);
        return (verdict, value);
    }

    public string Strip(string message) => _secrets.Strip(message);

    public void Dispose()
    {
        _http.Dispose();
        _pace.Dispose();
    }

    private TimeSpan DelayBehind(int attempt, TimeSpan? retryAfter)
    {
        var delay = _initialDelay * Math.Pow(2, Math.Min(attempt - 1, 30));
        delay = (delay < _maxDelay ? delay : _maxDelay) * (0.5 + (Random.Shared.NextDouble() / 2));
        return retryAfter is { } asked && asked > delay ? asked : delay;
    }

    private async Task<RpcVerdict> TryOnceAsync(string method, string parameters, Func<RpcBody, RpcVerdict> read, CancellationToken cancellationToken)
    {
        await _pace.EnterAsync(cancellationToken).ConfigureAwait(false);
        var started = _time.GetTimestamp();
        var verdict = new RpcVerdict(RpcOutcome.NoAnswer);
        try
        {
            using var timeout = new CancellationTokenSource(_timeout, _time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            verdict = await SendAsync(method, parameters, read, both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            verdict = new RpcVerdict(RpcOutcome.NoAnswer, string.Create(CultureInfo.InvariantCulture, $"no whole answer within {_timeout.TotalSeconds:0.###} s"));
        }
        catch (HttpRequestException exception)
        {
            verdict = exception.HttpRequestError == HttpRequestError.ResponseEnded
                ? new RpcVerdict(RpcOutcome.Truncated, "the connection ended in the middle of the answer")
                : new RpcVerdict(RpcOutcome.Unreachable, exception.Message);
        }
        catch (IOException exception)
        {
            verdict = new RpcVerdict(RpcOutcome.Truncated, $"the answer broke off: {exception.Message}");
        }
        catch (InvalidDataException exception)
        {
            verdict = new RpcVerdict(RpcOutcome.Truncated, $"the answer cannot be decompressed: {exception.Message}");
        }
        finally
        {
            _pace.Release();
        }

        if (verdict.RetryAfter is { } pause)
        {
            _pace.Pause(pause);
        }

        verdict = verdict with { Problem = Strip(verdict.Problem) };
        var tag = new KeyValuePair<string, object?>("method", method);
        ChainMetrics.Requests.Add(1, tag, new KeyValuePair<string, object?>("outcome", verdict.Outcome.ToString()));
        ChainMetrics.Latency.Record(_time.GetElapsedTime(started).TotalSeconds, tag);
        return verdict;
    }

    private async Task<RpcVerdict> SendAsync(string method, string parameters, Func<RpcBody, RpcVerdict> read, CancellationToken cancellationToken)
    {
        var body = $$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{{parameters}}}""";
        using var request = new HttpRequestMessage(HttpMethod.Post, _endpoint) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.ContentType = Json;
        if (_token.Length > 0)
        {
            var isBearer = _tokenHeader.Equals("Authorization", StringComparison.OrdinalIgnoreCase) && !_token.Contains(' ', StringComparison.Ordinal);
            request.Headers.TryAddWithoutValidation(_tokenHeader, isBearer ? "Bearer " + _token : _token);
        }

        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        var status = (int)response.StatusCode;
        switch (status)
        {
            case 429:
                return new RpcVerdict(RpcOutcome.RateLimited, "HTTP 429: too many requests", RetryAfterOf(response));
            case 401 or 403:
                return new RpcVerdict(RpcOutcome.Unauthorized, string.Create(CultureInfo.InvariantCulture, $"HTTP {status}: check the token"));
            case >= 300 and < 400:
                return new RpcVerdict(RpcOutcome.Redirected, string.Create(CultureInfo.InvariantCulture, $"HTTP {status}: the endpoint redirects elsewhere, which is not followed; configure the address that it moved to"));
            case 503:
                return new RpcVerdict(RpcOutcome.Unavailable, "HTTP 503", RetryAfterOf(response));
            case >= 500:
                return new RpcVerdict(RpcOutcome.Unavailable, string.Create(CultureInfo.InvariantCulture, $"HTTP {status}"));
        }

        using var answer = new RpcBody();
        if (response.Content.Headers.ContentLength > _maxBytes)
        {
            return TooLarge();
        }

        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            if (!await answer.ReadAsync(stream, _maxBytes, cancellationToken).ConfigureAwait(false))
            {
                return TooLarge();
            }
        }

        var verdict = read(answer);
        return status == 200 || !verdict.IsOk && verdict.Outcome != RpcOutcome.NotJson
            ? verdict
            : new RpcVerdict(RpcOutcome.Refused, string.Create(CultureInfo.InvariantCulture, $"HTTP {status}: is this the address of a JSON-RPC endpoint?"));
    }

    private RpcVerdict TooLarge() =>
        new(RpcOutcome.TooLarge, string.Create(CultureInfo.InvariantCulture, $"the answer is longer than MaxResponseBytes ({_maxBytes})"));

    private TimeSpan? RetryAfterOf(HttpResponseMessage response)
    {
        var header = response.Headers.RetryAfter;
        var asked = header?.Delta ?? (header?.Date is { } date ? date - _time.GetUtcNow() : null);
        return asked is not { } wait || wait <= TimeSpan.Zero ? null : wait < _maxRetryAfter ? wait : _maxRetryAfter;
    }
}
