using System.Text;
using Mev.Sdk.Ingest.Solana.Blocks;
using Mev.Sdk.Ingest.Solana.Chain;
using Mev.Sdk.Ingest.Solana.Tests.Support;
using Mev.Sdk.Records;

namespace Mev.Sdk.Ingest.Solana.Tests.Blocks;

/// <summary>What a node may send instead of a block.</summary>
public sealed class HostileBlockTests
{
    private static readonly FakeChain Chain = new(100, 3);

    [Theory]
    [InlineData("{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32007,\"message\":\"skipped\"},\"id\":1}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"result\":@,\"id\":1}")]
    public void Read_of_every_wrong_answer_has_an_outcome(string envelope)
    {
        var decoder = new BlockDecoder();
        using var block = new DecodedBlock();
        var outcomes = new HashSet<BlockReadStatus>();
        foreach (var json in JsonMutations.Of(envelope.Replace("@", Chain.BlockJson(101), StringComparison.Ordinal)))
        {
            var status = decoder.Read(Encoding.UTF8.GetBytes(json), 101, SightingStage.Confirmed, block);
            Assert.True(status == BlockReadStatus.Ok || status == BlockReadStatus.RpcError || block.Problem.Length > 0, json);
            outcomes.Add(status);
        }

        Assert.True(outcomes.Count >= 3, string.Join(' ', outcomes));
    }

    [Fact]
    public void Read_leaves_out_a_transaction_that_the_journal_could_not_take()
    {
        var decoder = new BlockDecoder();
        using var block = new DecodedBlock();
        var log = "Program log: hi";
        var json = Chain.BlockJson(101);
        var at = json.IndexOf(log, StringComparison.Ordinal);
        json = string.Concat(json.AsSpan(0, at), new string('x', ChainStream.MaxFrameBytes), json.AsSpan(at));
        Assert.Equal(BlockReadStatus.Ok, decoder.Read(Encoding.UTF8.GetBytes(json), 101, SightingStage.Confirmed, block));
        Assert.Equal((1, 1), (block.Unreadable, block.Transactions.Count));
        Assert.Contains("transaction 0: its record would have", block.Problem, StringComparison.Ordinal);
        Assert.Contains("the journal takes at most 67108864", block.Problem, StringComparison.Ordinal);
    }
}
