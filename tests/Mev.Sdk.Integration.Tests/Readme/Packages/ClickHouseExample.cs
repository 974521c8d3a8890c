// The regions between the snippet marks are the example of src/Mev.Sdk.Storage.ClickHouse/README.md, character for character; ReadmeTests holds them equal.
#pragma warning disable IDE0005
// snippet-start: usings
using Mev.Sdk;
using Mev.Sdk.Storage.ClickHouse;
using Mev.Sdk.Storage.Projection;

// snippet-end
#pragma warning restore IDE0005

namespace Mev.Sdk.Integration.Tests.Readme.Packages;

internal static class ClickHouseExample
{
    public static async Task RunAsync(IRecordLog journal, Signature signature)
    {
        // snippet-start: program
        using var store = new ClickHouseStore(new ClickHouseOptions { Url = "http://127.0.0.1:8123" });
        using var projector = new Projector(journal, store, new ProjectorOptions());
        await projector.StartAsync(CancellationToken.None);

        var newest = await store.GetLatestTransactionsAsync(100);
        var one = await store.FindTransactionAsync(signature);

        // snippet-end
    }
}
