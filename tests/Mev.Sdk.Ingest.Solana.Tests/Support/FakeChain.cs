using System.Globalization;
using Mev.Sdk.Solana.Meta;
using Mev.Sdk.Solana.Tests;
using Mev.Sdk.Solana.Transactions;

namespace Mev.Sdk.Ingest.Solana.Tests.Support;

/// <summary>A made-up chain: which slots have blocks, what their parents are, and two transactions each.</summary>
internal sealed class FakeChain
{
    public const int PerBlock = 2;

    private readonly SortedDictionary<ulong, ulong> _parents = [];

    public FakeChain(ulong first, int count, params ulong[] skipped)
    {
        var parent = first - 1;
        for (var slot = first; slot < first + (ulong)count; slot++)
        {
            if (!skipped.Contains(slot))
            {
                _parents[slot] = parent;
                parent = slot;
            }
        }
    }

    public IReadOnlyList<ulong> Slots
    {
        get
        {
            lock (_parents)
            {
                return [.. _parents.Keys];
            }
        }
    }

    public void Add(ulong slot, ulong parent)
    {
        lock (_parents)
        {
            _parents[slot] = parent;
        }
    }

    public bool Has(ulong slot)
    {
        lock (_parents)
        {
            return _parents.ContainsKey(slot);
        }
    }

    public ulong Parent(ulong slot)
    {
        lock (_parents)
        {
            return _parents[slot];
        }
    }

    public static Pubkey Hash(ulong slot) => TestKit.Make.Key(slot);

    public static Signature Sig(ulong slot, int index) => TestKit.Make.Signature((slot * 10) + (ulong)index);

    public static byte[] Wire(ulong slot, int index) => new TransactionBuilder()
        .AddSignature(Sig(slot, index))
        .SetHeader(1, 0, 1)
        .AddKey(Samples.Key(1)).AddKey(Samples.Key(2)).AddKey(Mev.Sdk.Solana.Addresses.KnownPrograms.System)
        .SetRecentBlockhash(Samples.Key(8))
        .AddInstruction(2, [0, 1], [2, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0])
        .ToArray();

    public static byte[] Meta() => new StatusMetaBuilder().SetFee(5000).AddBalance(10_000, 4_993).AddBalance(0, 7).AddBalance(1, 1).AddLogMessage("Program log: hi").SetComputeUnitsConsumed(150).ToArray();

    public string BlockJson(ulong slot)
    {
        var transactions = string.Join(',', Enumerable.Range(0, PerBlock).Select(index => TransactionJson(slot, index)));
        return string.Create(CultureInfo.InvariantCulture, $$"""{"blockHeight":{{slot - 5}},"blockTime":1700000000,"blockhash":"{{Hash(slot)}}","parentSlot":{{Parent(slot)}},"previousBlockhash":"{{Hash(Parent(slot))}}","rewards":[{"pubkey":"{{Samples.Key(42)}}","lamports":5,"postBalance":6,"rewardType":"Fee","commission":null}],"transactions":[{{transactions}}]}""");
    }

    public static string TransactionJson(ulong slot, int index) => $$$"""
        {"meta":{"computeUnitsConsumed":150,"err":null,"fee":5000,"innerInstructions":[],"loadedAddresses":{"readonly":[],"writable":[]},"logMessages":["Program log: hi"],"postBalances":[4993,7,1],"postTokenBalances":[],"preBalances":[10000,0,1],"preTokenBalances":[],"rewards":null,"status":{"Ok":null}},"transaction":["{{{Convert.ToBase64String(Wire(slot, index))}}}","base64"],"version":"legacy"}
        """;
}
