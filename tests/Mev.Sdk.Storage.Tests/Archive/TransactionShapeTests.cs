using Mev.Sdk.Solana.Json;
using Mev.Sdk.Storage.Archive;
using Mev.Sdk.Storage.Archive.Coding;
using Mev.Sdk.Storage.Archive.Import;
using Mev.Sdk.Storage.Tests.Archive.Import;
using Mev.Sdk.Storage.Tests.Archive.Objects;

namespace Mev.Sdk.Storage.Tests.Archive;

/// <summary>Transactions of every shape come back: frames to the byte, JSON to the value.</summary>
public sealed class TransactionShapeTests
{
    private static readonly TransactionShape[] Shapes = Enum.GetValues<TransactionShape>();
    private static readonly RenderEncoding[] Encodings = [RenderEncoding.Json, RenderEncoding.JsonParsed, RenderEncoding.Base64];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Frames_come_back_to_the_byte()
    {
        var (encoder, decoder) = (new BlockCodec(encodes: true), new BlockCodec(encodes: false));
        for (var seed = 0; seed < (ArchiveHarness.IsLong ? 3000 : 40); seed++)
        {
            // Each shape alone, each with each seed's others, and some at random.
            var transactions = new ShapedTransactions(seed);
            var with = seed == 0 ? TransactionShape.Plain : transactions.Draw() & ~(TransactionShape.NothingAtAll | TransactionShape.NoMeta);
            TransactionShape[] shapes = [.. Shapes.Select(shape => shape | with), .. Enumerable.Range(0, 20).Select(_ => transactions.Draw())];
            var frames = shapes.Select((shape, i) => transactions.Frame((ulong)i + 1, shape)).ToList();
            encoder.BeginEncoding();
            for (var i = 0; i < frames.Count; i++)
            {
                encoder.Add((ulong)i + 1, 7, 99, frames[i], []);
            }

            var block = new ByteArena();
            encoder.Finish(block);
            decoder.BeginDecoding(block.Written);
            for (var i = 0; i < frames.Count; i++)
            {
                Assert.True(decoder.Next());
                Assert.True(decoder.Frame.SequenceEqual(frames[i]), $"frame {i} of seed {seed} differs: {shapes[i]}");
            }

            Assert.False(decoder.Next());
        }
    }

    [Fact]
    public async Task Json_comes_back_to_the_value()
    {
        for (var seed = 0; seed < (ArchiveHarness.IsLong ? 200 : 4); seed++)
        {
            using var folder = new JsonFolder();
            var transactions = new ShapedTransactions(seed);
            var json = new List<string>();
            foreach (var shape in Shapes.Concat(Enumerable.Range(0, 20).Select(_ => transactions.Draw())))
            {
                var (wire, meta) = transactions.Parts(shape & ~TransactionShape.NothingAtAll);
                foreach (var encoding in Encodings)
                {
                    json.Add(System.Text.Encoding.UTF8.GetString(TransactionRendering.Render(wire, meta, [], encoding)));
                }
            }

            folder.Add(300, "block-300.json", JsonFolder.Block(300, json));
            var store = new MemoryBlobStore();
            var report = await new ArchiveImporter(store).ImportAsync(folder.Path, cancellationToken: Cancellation);
            Assert.True(report.Problems.Count == 0, $"seed {seed}: {string.Join(' ', report.Problems)}");
            var documents = new List<byte[]>();
            await foreach (var document in ArchiveJson.ReadDocumentsAsync(new ArchiveSet(store).ReadArchivedAsync(cancellationToken: Cancellation), Cancellation))
            {
                documents.Add(document);
            }

            JsonFolder.AssertEqual(folder.Documents.Values, documents);
        }
    }
}
