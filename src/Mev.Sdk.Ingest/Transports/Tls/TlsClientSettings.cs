using System.Net.Security;
using System.Security.Authentication;
using Mev.Sdk.Ingest.Internal;

namespace Mev.Sdk.Ingest.Transports.Tls;

/// <summary>The connecting side's options with their files loaded.</summary>
internal sealed class TlsClientSettings
{
    private readonly PeerTrust _trust;
    private readonly SslStreamCertificateContext? _certificate;
    private readonly string _targetHost;

    /// <exception cref="ArgumentException">A file cannot be used.</exception>
    public TlsClientSettings(TlsClientOptions options, string host)
    {
        var errors = new List<string>();
        _trust = PeerTrust.Create(options.CaFile, options.PinnedSha256, options.Revocation, "Tls", "CaFile", "PinnedSha256", errors);
        _certificate = OwnCertificate.Load(options.CertificateFile, options.CertificateKeyFile, options.CertificatePassword, "Tls", errors);
        _targetHost = options.TargetHost ?? host;
        OptionErrors.ThrowIfAny(errors, nameof(options));
    }

    /// <summary>New for each connection: .NET writes into them.</summary>
    public SslClientAuthenticationOptions Create()
    {
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = _targetHost,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ClientCertificateContext = _certificate,
        };
        _trust.Apply(options);
        return options;
    }
}
