using Mev.Sdk;
using Mev.Sdk.Ingest.AspNetCore;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Prepares a host for engines that connect to it.</summary>
public static class IngestAspNetCoreServiceCollectionExtensions
{
    /// <summary>Lets Kestrel receive into blocks of 64 KiB instead of 4 KiB, for hosts that take in fast streams.</summary>
    /// <remarks>
    /// It is one system call a block: with small ones a stream at full rate costs the host about three times the processor time
    /// (docs/benchmarks.md, <c>ingest.ws</c>). The blocks are those of every connection of the application, each holding one or two
    /// while it has something to receive or to send. Safe to call more than once.
    /// </remarks>
    /// <param name="builder">The host's builder.</param>
    /// <returns>The same builder.</returns>
    public static MevSdkBuilder AddEngineStreamBuffers(this MevSdkBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Replace(ServiceDescriptor.Singleton<IMemoryPoolFactory<byte>, LargeBlockPoolFactory>());
        return builder;
    }
}
