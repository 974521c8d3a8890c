using System.Globalization;
using System.Text;
using Mev.Sdk;
using Mev.Sdk.Solana.Addresses;
using Mev.Sdk.Solana.Transactions;

namespace EngineSimulator.Tests;

/// <summary>A folder of small <c>getBlock</c> results that is gone after the test.</summary>
internal sealed class BlockFolder : IDisposable
{
    public BlockFolder() => Path = Directory.CreateTempSubdirectory("mev-blocks").FullName;

    public string Path { get; }

    /// <summary>Writes a block of transfers of lamports.</summary>
    /// <returns>The file.</returns>
    public string Add(ulong slot, int transactions)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $$"""{"blockhash":"{{Key(slot)}}","previousBlockhash":"{{Key(slot - 1)}}","parentSlot":{{slot - 1}},"blockHeight":{{slot - 100}},"blockTime":1700000000,"transactions":[""");
        for (var i = 0; i < transactions; i++)
        {
            text.Append(i == 0 ? "" : ",");
            text.Append(CultureInfo.InvariantCulture, $$"""{"transaction":["{{Transfer(slot, i)}}","base64"],"meta":{"err":null,"status":{"Ok":null},"fee":5000,"preBalances":[10005000,0,1],"postBalances":[9999000,1000,1],"innerInstructions":[],"logMessages":[],"preTokenBalances":[],"postTokenBalances":[],"rewards":[],"loadedAddresses":{"readonly":[],"writable":[]},"computeUnitsConsumed":150},"version":"legacy"}""");
        }

        var file = System.IO.Path.Combine(Path, string.Create(CultureInfo.InvariantCulture, $"block-{slot}.json"));
        File.WriteAllText(file, text.Append("]}").ToString());
        return file;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static string Transfer(ulong slot, int index)
    {
        var random = new byte[96];
        random.AsSpan().Fill(9);
        BitConverter.TryWriteBytes(random, slot);
        BitConverter.TryWriteBytes(random.AsSpan(8), index + 1);
        var builder = new TransactionBuilder()
            .AddSignature(new Signature(random.AsSpan(0, 64)))
            .SetHeader(1, 0, 1)
            .AddKey(Key(1)).AddKey(Key(2)).AddKey(in KnownPrograms.System)
            .SetRecentBlockhash(Key(slot - 1))
            .AddInstruction(2, [0, 1], [2, 0, 0, 0, 0xE8, 3, 0, 0, 0, 0, 0, 0]);
        return Convert.ToBase64String(builder.ToArray());
    }

    private static Pubkey Key(ulong number)
    {
        Span<byte> bytes = stackalloc byte[32];
        bytes.Fill(7);
        BitConverter.TryWriteBytes(bytes, number);
        return new Pubkey(bytes);
    }
}
