using Mev.Sdk.Ingest.Solana.Internal;

namespace Mev.Sdk.Ingest.Solana.Rpc;

/// <summary>A JSON-RPC endpoint and how hard it may be asked.</summary>
public sealed class RpcEndpointOptions
{
    /// <summary>Where: <c>http://</c> or <c>https://</c>. Default none: required. A key in its path or query is never shown.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>A secret sent with every request in <see cref="TokenHeader"/>; never shown. Default none.</summary>
    public string Token { get; set; } = "";

    /// <summary>The header that carries <see cref="Token"/>. Default <c>Authorization</c>, where the token is sent as <c>Bearer TOKEN</c>; in any other header as it is.</summary>
    public string TokenHeader { get; set; } = "Authorization";

    /// <summary>Requests a second at most, on average; a second's worth may go at once. Default 10; over 0, at most 100,000.</summary>
    public double RequestsPerSecond { get; set; } = 10;

    /// <summary>Requests under way at once. Default 4; 1-256.</summary>
    public int MaxConcurrency { get; set; } = 4;

    /// <summary>Longest wait for a whole answer. Default 30 s; over 0.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest answer that is read, bytes after decompression. Default 256 MiB; 64 KiB to 1 GiB.</summary>
    public int MaxResponseBytes { get; set; } = 256 << 20;

    /// <summary>Tries of one request before its failure is taken as an answer. Default 6; 1-100.</summary>
    public int MaxAttempts { get; set; } = 6;

    /// <summary>Wait before the second try; it doubles with each, with jitter of up to a half. Default 250 ms; over 0.</summary>
    public TimeSpan RetryInitialDelay { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Longest wait between two tries, unless the node asks for more with <c>Retry-After</c>. Default 10 s; not under <see cref="RetryInitialDelay"/>.</summary>
    public TimeSpan RetryMaxDelay { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest <c>Retry-After</c> that is obeyed. Default 2 min; over 0.</summary>
    public TimeSpan MaxRetryAfter { get; set; } = TimeSpan.FromMinutes(2);

    internal void Validate(string key, List<string> errors)
    {
        OptionChecks.Uri(Endpoint, $"{key}:Endpoint", errors, "http", "https");
        OptionChecks.Header(Token, TokenHeader, key, errors);
        OptionChecks.Range(RequestsPerSecond, double.Epsilon, 100_000, $"{key}:RequestsPerSecond", errors);
        OptionChecks.Range(MaxConcurrency, 1, 256, $"{key}:MaxConcurrency", errors);
        OptionChecks.Positive(RequestTimeout, $"{key}:RequestTimeout", errors);
        OptionChecks.Range(MaxResponseBytes, 64 << 10, 1 << 30, $"{key}:MaxResponseBytes", errors);
        OptionChecks.Range(MaxAttempts, 1, 100, $"{key}:MaxAttempts", errors);
        OptionChecks.Positive(RetryInitialDelay, $"{key}:RetryInitialDelay", errors);
        OptionChecks.Positive(MaxRetryAfter, $"{key}:MaxRetryAfter", errors);
        if (RetryMaxDelay < RetryInitialDelay)
        {
            errors.Add($"{key}:RetryMaxDelay is {RetryMaxDelay}, under RetryInitialDelay of {RetryInitialDelay}; raise it.");
        }
    }
}
