// The regions between the snippet marks are the example of src/Mev.Sdk.Storage.Columnar/README.md, character for character; ReadmeTests holds them equal.
#pragma warning disable IDE0005
// snippet-start: usings
using Mev.Sdk;
using Mev.Sdk.Storage.Columnar;

// snippet-end
#pragma warning restore IDE0005

namespace Mev.Sdk.Integration.Tests.Readme.Packages;

internal static class ColumnarExample
{
    public static async Task RunAsync(IRecordLog journal)
    {
        // snippet-start: program
        var slots = new ExportRange { FirstSlot = 285_000_000, LastSlot = 285_000_999 };
        var parquet = new ParquetExporter();
        var done = await parquet.ExportAsync(journal, RecordTable.Swaps, "swaps.parquet", slots);
        Console.WriteLine($"{done.Rows} swaps in {done.Bytes} bytes");   // DuckDB: SELECT venue, count(*) FROM 'swaps.parquet' GROUP BY 1

        var arrow = new ArrowExporter();
        await arrow.ExportAsync(journal, RecordTable.Transactions, "transactions.arrow", ArrowFormat.File, slots);

        // snippet-end
    }
}
