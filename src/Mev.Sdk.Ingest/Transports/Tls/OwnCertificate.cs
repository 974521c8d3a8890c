using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Mev.Sdk.Ingest.Transports.Tls;

/// <summary>Loads a certificate with its key.</summary>
internal static class OwnCertificate
{
    /// <summary>Loads; adds an error that names the option when that fails.</summary>
    /// <returns>The certificate and its chain, or null without a file or with an error.</returns>
    public static SslStreamCertificateContext? Load(string? file, string? keyFile, string? password, string key, List<string> errors)
    {
        if (file is null)
        {
            if (keyFile is not null)
            {
                errors.Add($"{key}:CertificateKeyFile is set without CertificateFile; give both.");
            }

            return null;
        }

        try
        {
            var chain = new X509Certificate2Collection();
            var certificate = LoadOne(file, keyFile, password, chain);
            if (!certificate.HasPrivateKey)
            {
                errors.Add($"{key}:CertificateFile '{file}' holds no private key; give one with its key, or CertificateKeyFile.");
                return null;
            }

            return SslStreamCertificateContext.Create(certificate, chain, offline: true);
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            errors.Add($"{key}:CertificateFile '{file}' cannot be used: {ConnectionErrors.Sentence(exception)} Check the path, who may read it, and CertificatePassword.");
            return null;
        }
    }

    private static X509Certificate2 LoadOne(string file, string? keyFile, string? password, X509Certificate2Collection chain)
    {
        if (Path.GetExtension(file).ToUpperInvariant() is ".PFX" or ".P12")
        {
            return X509CertificateLoader.LoadPkcs12FromFile(file, password);
        }

        chain.ImportFromPemFile(file);
        var certificate = password is null
            ? X509Certificate2.CreateFromPemFile(file, keyFile)
            : X509Certificate2.CreateFromEncryptedPemFile(file, password, keyFile);

        // Windows cannot use a key that lives in memory only.
        return OperatingSystem.IsWindows() ? X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null) : certificate;
    }
}
