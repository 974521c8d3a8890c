using Mev.Sdk.Ingest.Transports.Tls;

namespace Mev.Sdk.Ingest.Transports;

/// <summary>Options of one engine stream that this host connects to. Configuration shape: <c>Mev:Ingest:Sources:N:*</c>.</summary>
public sealed class EngineSourceOptions : EngineSessionOptions
{
    /// <summary>
    /// Where the engine is: <c>tcp://HOST:PORT</c> or <c>tls://HOST:PORT</c>, HOST a name, an IPv4 address or an IPv6 address in brackets;
    /// <c>unix:///PATH</c>; <c>ws://HOST/PATH</c> or <c>wss://HOST/PATH</c>; or <c>file:///PATH</c> of a capture, with <c>?follow=true</c> for
    /// one that still grows. Default none: required.
    /// </summary>
    public string Endpoint { get; set; } = "";

    /// <summary>What is believed of the engine's certificate, for <c>tls://</c> and <c>wss://</c>. Default: what the system trusts.</summary>
    public TlsClientOptions Tls { get; set; } = new();

    /// <summary>Longest wait for a connection, and again for the engine's hello. Default 5 s; over 0.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Wait before the first try to reconnect; it doubles with each failure, with jitter of up to a half. Default 100 ms; over 0.</summary>
    public TimeSpan ReconnectInitialDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest wait between tries to reconnect. Default 10 s; not under <see cref="ReconnectInitialDelay"/>.</summary>
    public TimeSpan ReconnectMaxDelay { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// After the engine said that everything was sent: true tries again every <see cref="ReconnectMaxDelay"/>, in case a new session begins;
    /// false ends the source. Default true.
    /// </summary>
    public bool ReconnectAfterEnd { get; set; } = true;

    /// <summary>
    /// Folder where what the engine sends is also written, byte for byte, a new file for each connection, for <c>file:///PATH</c> to play
    /// again. Created when missing; nothing in it is ever deleted. Default null: nothing is written.
    /// </summary>
    public string? CaptureFolder { get; set; }

    internal override void Validate(string key, List<string> errors)
    {
        base.Validate(key, errors);
        EngineEndpoint.Validate(this, key, errors);
        Positive(ConnectTimeout, $"{key}:ConnectTimeout", errors);
        Positive(ReconnectInitialDelay, $"{key}:ReconnectInitialDelay", errors);
        Positive(ReconnectMaxDelay, $"{key}:ReconnectMaxDelay", errors);
        if (ReconnectMaxDelay < ReconnectInitialDelay)
        {
            errors.Add($"{key}:ReconnectMaxDelay is {ReconnectMaxDelay}, under ReconnectInitialDelay of {ReconnectInitialDelay}; raise it.");
        }

        if (CaptureFolder is not null && string.IsNullOrWhiteSpace(CaptureFolder))
        {
            errors.Add($"{key}:CaptureFolder is empty; give a folder's path, or remove it.");
        }
    }
}
