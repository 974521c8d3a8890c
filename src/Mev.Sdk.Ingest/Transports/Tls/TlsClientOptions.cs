using System.Security.Cryptography.X509Certificates;

namespace Mev.Sdk.Ingest.Transports.Tls;

/// <summary>
/// How the connecting side does TLS, for <c>tls://</c> and <c>wss://</c>: TLS 1.2 or 1.3, and the other side's certificate is always checked,
/// by the system's roots unless <see cref="CaFile"/> or <see cref="PinnedSha256"/> says otherwise. Configuration shape: <c>...:Tls:*</c>.
/// </summary>
public sealed class TlsClientOptions
{
    /// <summary>The name that the other side's certificate must carry. Default null: the host of the endpoint.</summary>
    public string? TargetHost { get; set; }

    /// <summary>File of PEM certificates that are trusted as roots instead of the system's. Default null: the system's.</summary>
    public string? CaFile { get; set; }

    /// <summary>
    /// SHA-256 of the certificates accepted, in hexadecimal (64 digits, colons allowed), as <c>openssl x509 -fingerprint -sha256</c> prints. With
    /// any, exactly these certificates are trusted, whatever their names, dates and issuers; two allow for a rotation. Default none.
    /// </summary>
    public IList<string> PinnedSha256 { get; } = [];

    /// <summary>Own certificate for a peer that asks for one: a <c>.pfx</c> or <c>.p12</c> file, or PEM. Default null: none.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>PEM file of the own certificate's key. Default null: it stands in <see cref="CertificateFile"/>.</summary>
    public string? CertificateKeyFile { get; set; }

    /// <summary>Password of the own certificate's key; keep it in a secret store. Default null: none.</summary>
    public string? CertificatePassword { get; set; }

    /// <summary>Whether revocation of the other side's certificate is looked up. Default <see cref="X509RevocationMode.NoCheck"/>: private authorities rarely publish lists.</summary>
    public X509RevocationMode Revocation { get; set; } = X509RevocationMode.NoCheck;

    internal bool IsSet =>
        TargetHost is not null || CaFile is not null || PinnedSha256.Count > 0 || CertificateFile is not null || CertificateKeyFile is not null;

    internal void Validate(string key, List<string> errors)
    {
        PeerTrust.Create(CaFile, PinnedSha256, Revocation, key, "CaFile", "PinnedSha256", errors);
        OwnCertificate.Load(CertificateFile, CertificateKeyFile, CertificatePassword, key, errors);
    }
}
