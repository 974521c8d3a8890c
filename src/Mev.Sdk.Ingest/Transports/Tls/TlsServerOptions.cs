using System.Security.Cryptography.X509Certificates;

namespace Mev.Sdk.Ingest.Transports.Tls;

/// <summary>How the listening side does TLS, for <c>tls://</c>: TLS 1.2 or 1.3. Configuration shape: <c>...:Tls:*</c>.</summary>
public sealed class TlsServerOptions
{
    /// <summary>The certificate shown to whoever connects: a <c>.pfx</c> or <c>.p12</c> file, or PEM with its chain behind it. Required for <c>tls://</c>. Default null.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>PEM file of the certificate's key. Default null: it stands in <see cref="CertificateFile"/>.</summary>
    public string? CertificateKeyFile { get; set; }

    /// <summary>Password of the certificate's key; keep it in a secret store. Default null: none.</summary>
    public string? CertificatePassword { get; set; }

    /// <summary>
    /// Whether a peer must show a certificate of its own, one that <see cref="ClientCaFile"/> or <see cref="ClientPinnedSha256"/> vouches for.
    /// Default false.
    /// </summary>
    public bool RequireClientCertificate { get; set; }

    /// <summary>File of PEM certificates that must have issued a peer's. Default null.</summary>
    public string? ClientCaFile { get; set; }

    /// <summary>SHA-256 of the peers' certificates accepted, in hexadecimal; exactly these are trusted then. Default none.</summary>
    public IList<string> ClientPinnedSha256 { get; } = [];

    /// <summary>Whether revocation of a peer's certificate is looked up. Default <see cref="X509RevocationMode.NoCheck"/>.</summary>
    public X509RevocationMode Revocation { get; set; } = X509RevocationMode.NoCheck;

    internal bool IsSet =>
        CertificateFile is not null || CertificateKeyFile is not null || CertificatePassword is not null || RequireClientCertificate || ClientCaFile is not null
        || ClientPinnedSha256.Count > 0;

    internal void Validate(string key, List<string> errors)
    {
        if (CertificateFile is null)
        {
            errors.Add($"{key}:CertificateFile is missing; an endpoint of tls:// needs the server's certificate, a .pfx or PEM file.");
        }

        // The system's roots issue to anyone: that would be no check at all.
        if (RequireClientCertificate && ClientCaFile is null && ClientPinnedSha256.Count == 0)
        {
            errors.Add($"{key}:RequireClientCertificate is set, but nothing says which are accepted; give ClientCaFile or ClientPinnedSha256.");
        }

        if (!RequireClientCertificate && (ClientCaFile is not null || ClientPinnedSha256.Count > 0))
        {
            errors.Add($"{key}:RequireClientCertificate is false, but accepted certificates are named; set it, or remove ClientCaFile and ClientPinnedSha256.");
        }

        PeerTrust.Create(ClientCaFile, ClientPinnedSha256, Revocation, key, "ClientCaFile", "ClientPinnedSha256", errors);
        OwnCertificate.Load(CertificateFile, CertificateKeyFile, CertificatePassword, key, errors);
    }
}
