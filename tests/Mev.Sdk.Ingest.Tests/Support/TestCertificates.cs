using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Mev.Sdk.Ingest.Tests.Support;

/// <summary>An authority of a test's own, and what it issued, as files in a folder that is removed at the end.</summary>
internal sealed class TestCertificates : IDisposable
{
    public const string Password = "correct horse";

    private static readonly DateTimeOffset From = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Until = new(2120, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mev-tls-");
    private readonly X509Certificate2 _authority;

    public TestCertificates()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        _authority = request.CreateSelfSigned(From, Until);
        CaFile = Write("ca.pem", _authority.ExportCertificatePem());
        Server = Issue("localhost", "1.3.6.1.5.5.7.3.1");
        ServerFile = Write("server.pem", Server.ExportCertificatePem());
        ServerKeyFile = Write("server.key", Server.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        using var client = Issue("host", "1.3.6.1.5.5.7.3.2");
        ClientFile = Path.Combine(_folder.FullName, "client.pfx");
        File.WriteAllBytes(ClientFile, client.Export(X509ContentType.Pkcs12, Password));
        ClientPin = Convert.ToHexString(SHA256.HashData(client.RawData));
    }

    public string CaFile { get; }

    public X509Certificate2 Server { get; }

    public string ServerFile { get; }

    public string ServerKeyFile { get; }

    public string ServerPin => Convert.ToHexString(SHA256.HashData(Server.RawData));

    public string ClientFile { get; }

    public string ClientPin { get; }

    public string Folder => _folder.FullName;

    public void Dispose()
    {
        _authority.Dispose();
        Server.Dispose();
        _folder.Delete(recursive: true);
    }

    private X509Certificate2 Issue(string name, string usage)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        using var issued = request.Create(_authority, From, Until, RandomNumberGenerator.GetBytes(8));
        return issued.CopyWithPrivateKey(key);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
