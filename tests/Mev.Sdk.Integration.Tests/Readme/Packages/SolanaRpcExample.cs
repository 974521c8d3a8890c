// The regions between the snippet marks are the example of src/Mev.Sdk.Ingest.Solana/README.md, character for character; ReadmeTests holds them equal.
#pragma warning disable IDE0005
// snippet-start: usings
using Mev.Sdk;
using Mev.Sdk.Ingest.Solana.Rpc;

// snippet-end
#pragma warning restore IDE0005

namespace Mev.Sdk.Integration.Tests.Readme.Packages;

internal static class SolanaRpcExample
{
    public static async Task RunAsync(IRecordLog journal, IRecordIntake sequencer, CancellationToken cancellationToken)
    {
        // snippet-start: program
        using var source = new SolanaRpcSource(new SolanaRpcSourceOptions { Connection = { Endpoint = "https://rpc.example" } }, () => journal);
        await source.RunAsync(sequencer, cancellationToken);     // follows the tip, resumes behind the journal, each record once

        // snippet-end
    }
}
