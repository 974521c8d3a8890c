using System.Text.Json;
using Mev.Sdk.Records;
using Mev.Sdk.Solana.Json;
using Mev.Sdk.Solana.Transactions;
using Mev.Sdk.TestKit;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Tests.Archive;

/// <summary>Frames and residuals of the real transactions; a test that asks for them is skipped where they are missing.</summary>
internal static class ChainFrames
{
    public static IReadOnlyList<(byte[] Frame, byte[] Residual)> OfBlock()
    {
        var file = ChainData.File("solana/block-285000037.json");
        Assert.SkipWhen(file is null, ChainData.MissingReason);
        using var block = JsonDocument.Parse(File.ReadAllBytes(file!));
        return Frames(block.RootElement.GetProperty("transactions").EnumerateArray());
    }

    public static IReadOnlyList<(byte[] Frame, byte[] Residual)> OfSingles()
    {
        var files = ChainData.Files("solana/transactions", "*.json");
        Assert.SkipWhen(files.Count == 0, ChainData.MissingReason);
        return Frames(files.Select(static file => JsonDocument.Parse(File.ReadAllBytes(file)).RootElement.GetProperty("raw")));
    }

    private static List<(byte[] Frame, byte[] Residual)> Frames(IEnumerable<JsonElement> transactions)
    {
        var decoder = new TransactionDecoder();
        var swaps = new List<SwapEntry>();
        var frames = new List<(byte[] Frame, byte[] Residual)>();
        foreach (var transaction in transactions)
        {
            var parts = TransactionRendering.ToWireAndMeta(transaction);
            var context = new SightingContext(285_000_037, 1_724_000_000, (uint)frames.Count, SightingStage.Confirmed);
            Assert.True(decoder.TryDecode(parts.Wire, parts.Meta, in context, out var record, swaps, out var error), error);
            var frame = new byte[TransactionView.GetFrameLength(swaps.Count, parts.Wire.Length, parts.Meta.Length)];
            TransactionView.Write(frame, 0, in record, swaps.ToArray(), parts.Wire, parts.Meta);
            FrameWriter.Stamp(frame, (ulong)frames.Count + 1, 0);
            frames.Add((frame, parts.Residual));
        }

        return frames;
    }
}
