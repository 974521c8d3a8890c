using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Mev.Sdk.Ingest.Transports.Tls;

/// <summary>Which certificates of the other side are believed: pinned ones, those of an own authority, or the system's.</summary>
internal sealed class PeerTrust
{
    // RFC 5280, 4.2.1.12: extended key usage of servers and clients.
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly List<byte[]> _pins = [];
    private readonly X509Certificate2Collection _roots = [];
    private readonly X509RevocationMode _revocation;

    private PeerTrust(X509RevocationMode revocation) => _revocation = revocation;

    /// <summary>Reads the options; adds an error for each that is wrong.</summary>
    public static PeerTrust Create(
        string? caFile, IList<string> pins, X509RevocationMode revocation, string key, string caOption, string pinOption, List<string> errors)
    {
        var trust = new PeerTrust(revocation);
        for (var i = 0; i < pins.Count; i++)
        {
            var digits = pins[i].Replace(":", "", StringComparison.Ordinal);
            if (digits.Length == 64 && digits.All(char.IsAsciiHexDigit))
            {
                trust._pins.Add(Convert.FromHexString(digits));
            }
            else
            {
                errors.Add($"{key}:{pinOption}:{i} is '{pins[i]}'; give the certificate's SHA-256 in 64 hexadecimal digits.");
            }
        }

        if (caFile is not null && pins.Count > 0)
        {
            errors.Add($"{key}:{caOption} and {pinOption} are both set; choose one, a pinned certificate needs no authority.");
        }

        if (caFile is not null)
        {
            trust.LoadRoots(caFile, $"{key}:{caOption}", errors);
        }

        return trust;
    }

    /// <summary>Says what a connecting side believes of the server.</summary>
    public void Apply(SslClientAuthenticationOptions options)
    {
        options.CertificateRevocationCheckMode = _revocation;
        options.CertificateChainPolicy = Policy(ServerAuthentication);
        options.RemoteCertificateValidationCallback = Callback();
    }

    /// <summary>Says what a listening side believes of its clients.</summary>
    public void Apply(SslServerAuthenticationOptions options)
    {
        options.CertificateRevocationCheckMode = _revocation;
        options.CertificateChainPolicy = Policy(ClientAuthentication);
        options.RemoteCertificateValidationCallback = Callback();
    }

    private void LoadRoots(string file, string key, List<string> errors)
    {
        try
        {
            _roots.ImportFromPemFile(file);
            if (_roots.Count == 0)
            {
                errors.Add($"{key} '{file}' holds no PEM certificate.");
            }
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            errors.Add($"{key} '{file}' cannot be read: {ConnectionErrors.Sentence(exception)} Give a file of PEM certificates.");
        }
    }

    private X509ChainPolicy? Policy(string usage)
    {
        if (_roots.Count == 0)
        {
            return null;
        }

        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = _revocation };
        policy.CustomTrustStore.AddRange(_roots);
        policy.ApplicationPolicy.Add(new Oid(usage));
        return policy;
    }

    private RemoteCertificateValidationCallback? Callback() =>
        _pins.Count == 0 ? null : (_, certificate, _, _) => certificate is not null && IsPinned(SHA256.HashData(certificate.GetRawCertData()));

    private bool IsPinned(byte[] hash) => _pins.Exists(pin => CryptographicOperations.FixedTimeEquals(pin, hash));
}
