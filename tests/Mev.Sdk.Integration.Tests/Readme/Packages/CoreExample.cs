// The regions between the snippet marks are the example of src/Mev.Sdk.Core/README.md, character for character; ReadmeTests holds them equal.
#pragma warning disable IDE0005
// snippet-start: usings
using Mev.Sdk;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

// snippet-end
#pragma warning restore IDE0005

namespace Mev.Sdk.Integration.Tests.Readme.Packages;

internal static class CoreExample
{
    public static void Run(ReadOnlySpan<byte> bytes, TextWriter Console)
    {
        // snippet-start: program
        var reader = new FrameReader();
        ReadOnlySpan<byte> rest = bytes;                        // from a socket, a file, a journal
        while (reader.TryRead(ref rest, out var frame) == FrameStatus.Done)
        {
            if (TransactionView.TryRead(new RecordView(Lsn.None, frame), out var transaction))
            {
                Console.WriteLine($"{transaction.Record.Signature} paid {transaction.Record.FeeLamports} lamports, {transaction.Swaps.Length} swaps");
            }
        }

        if (reader.Error != FrameError.None)
        {
            throw reader.ToException();                         // names the byte position and what is wrong
        }

        // snippet-end
    }
}
