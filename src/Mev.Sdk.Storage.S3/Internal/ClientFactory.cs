using Amazon;
using Amazon.Runtime;
using Amazon.S3;

namespace Mev.Sdk.Storage.S3;

/// <summary>Makes the SDK's client as the options say.</summary>
internal static class ClientFactory
{
    public static AmazonS3Client Create(S3Options options)
    {
        var configuration = new AmazonS3Config
        {
            ForcePathStyle = options.ForcePathStyle,
            MaxErrorRetry = options.MaxRetries,
            RetryMode = RequestRetryMode.Standard,
            Timeout = options.Timeout,

            // Checksums that other servers do not know. What is sent is covered by the signature or by TLS, and what an archive reads back has checksums of its own.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (options.ServiceUrl.Length > 0)
        {
            configuration.ServiceURL = options.ServiceUrl;
            configuration.AuthenticationRegion = options.Region.Length > 0 ? options.Region : "us-east-1";
        }
        else if (options.Region.Length > 0)
        {
            configuration.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        }

        return options.AccessKeyId.Length > 0
            ? new AmazonS3Client(new BasicAWSCredentials(options.AccessKeyId, options.SecretAccessKey), configuration)
            : new AmazonS3Client(configuration);
    }
}
