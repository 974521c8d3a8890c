// The regions between the snippet marks are the example of src/Mev.Sdk.Models/README.md, character for character; ReadmeTests holds them equal.
#pragma warning disable IDE0005
// snippet-start: usings
using Mev.Sdk;
using Mev.Sdk.Models.Inference;

// snippet-end
#pragma warning restore IDE0005

namespace Mev.Sdk.Integration.Tests.Readme.Packages;

internal static class WarmUpExample
{
    public static async Task RunAsync(ScoringSink scoringSink, IRecordLog journal, CancellationToken cancellationToken)
    {
        // snippet-start: program
        await scoringSink.WarmUpAsync(journal.ReadAsync(Lsn.None, follow: false, cancellationToken), cancellationToken);

        // snippet-end
    }
}
