// The regions between the snippet marks are the example of src/Mev.Sdk.Ingest.Solana/README.md, character for character; ReadmeTests holds them equal.
#pragma warning disable IDE0005
// snippet-start: usings
using System.Buffers;
using Mev.Sdk.Ingest.Solana.Files;

// snippet-end
#pragma warning restore IDE0005

namespace Mev.Sdk.Integration.Tests.Readme.Packages;

internal static class BlockFileExample
{
    public static void Run()
    {
        // snippet-start: program
        var block = BlockFile.Load("block-285000037.json");
        var frames = new ArrayBufferWriter<byte>();
        block.WriteFrames(frames);       // one block record, then one record a transaction; a publisher stamps sequence and time

        // snippet-end
    }
}
