using System.Net.Security;
using System.Security.Authentication;
using Mev.Sdk.Ingest.Internal;

namespace Mev.Sdk.Ingest.Transports.Tls;

/// <summary>The listening side's options with their files loaded.</summary>
internal sealed class TlsServerSettings
{
    private readonly PeerTrust _trust;
    private readonly SslStreamCertificateContext? _certificate;
    private readonly bool _requireClientCertificate;

    /// <exception cref="ArgumentException">A file cannot be used.</exception>
    public TlsServerSettings(TlsServerOptions options)
    {
        var errors = new List<string>();
        _trust = PeerTrust.Create(
            options.ClientCaFile, options.ClientPinnedSha256, options.Revocation, "Tls", "ClientCaFile", "ClientPinnedSha256", errors);
        _certificate = OwnCertificate.Load(options.CertificateFile, options.CertificateKeyFile, options.CertificatePassword, "Tls", errors);
        _requireClientCertificate = options.RequireClientCertificate;
        OptionErrors.ThrowIfAny(errors, nameof(options));
    }

    /// <summary>New for each connection: .NET writes into them.</summary>
    public SslServerAuthenticationOptions Create()
    {
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = _certificate,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ClientCertificateRequired = _requireClientCertificate,
        };
        if (_requireClientCertificate)
        {
            _trust.Apply(options);
        }

        return options;
    }
}
