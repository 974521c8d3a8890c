using System.Text.Json;
using Mev.Sdk.Ingest.Solana.Rpc;
using Mev.Sdk.Records;

namespace Mev.Sdk.Ingest.Solana.Nodes;

/// <summary>Asks one endpoint about the whole cluster: votes, addresses, block production, leaders, epoch.</summary>
internal sealed class ClusterReader(RpcClient client, KeyValuePair<string, object?> source)
{
    private static readonly string[] Roles = ["gossip", "tpu", "tpuQuic", "tpuForwards", "tvu", "rpc", "pubsub", "serveRepair"];

    /// <summary>Asks; an answer that does not come leaves its fields unknown, and is named in <paramref name="problems"/>.</summary>
    public async Task<Dictionary<Pubkey, NodeInfo>> ReadAsync(List<(string Method, RpcVerdict Verdict)> problems, CancellationToken cancellationToken)
    {
        var nodes = new Dictionary<Pubkey, NodeInfo>();
        await AskAsync("getVoteAccounts", result => Votes(result, nodes), problems, cancellationToken).ConfigureAwait(false);
        await AskAsync("getClusterNodes", result => Contacts(result, nodes), problems, cancellationToken).ConfigureAwait(false);
        await AskAsync("getBlockProduction", result => Production(result, nodes), problems, cancellationToken).ConfigureAwait(false);
        ulong epochSlot = 0;
        await AskAsync("getEpochInfo", result => epochSlot = result.GetProperty("slotIndex"u8).GetUInt64(), problems, cancellationToken).ConfigureAwait(false);
        await AskAsync("getLeaderSchedule", result => Schedule(result, nodes, epochSlot), problems, cancellationToken).ConfigureAwait(false);
        return nodes;
    }

    private async Task AskAsync(string method, Action<JsonElement> read, List<(string, RpcVerdict)> problems, CancellationToken cancellationToken)
    {
        var verdict = await client.CallAsync(method, "[]", body => RpcAnswer.Read(body, read), cancellationToken).ConfigureAwait(false);
        if (!verdict.IsOk)
        {
            problems.Add((method, verdict));
        }
    }

    private static NodeInfo? Of(Dictionary<Pubkey, NodeInfo> nodes, string? text)
    {
        if (!Pubkey.TryParse(text, null, out var key))
        {
            return null;
        }

        if (!nodes.TryGetValue(key, out var node))
        {
            nodes[key] = node = new NodeInfo { Record = { Identity = key } };
        }

        return node;
    }

    private static void Votes(JsonElement result, Dictionary<Pubkey, NodeInfo> nodes)
    {
        foreach (var (list, health) in ((string, NodeHealth)[])[("current", NodeHealth.Healthy), ("delinquent", NodeHealth.Delinquent)])
        {
            if (!result.TryGetProperty(list, out var votes) || votes.ValueKind != JsonValueKind.Array)
            {
                continue;
            }

            foreach (var vote in votes.EnumerateArray())
            {
                var stake = Number(vote, "activatedStake"u8);
                // A node may have several vote accounts; the one with the most stake speaks for it.
                if (Of(nodes, Text(vote, "nodePubkey"u8)) is not { } node || (node.Record.Health != NodeHealth.Unknown && stake <= node.Record.ActivatedStakeLamports))
                {
                    continue;
                }

                node.Record.VoteAccount = Pubkey.TryParse(Text(vote, "votePubkey"u8), null, out var account) ? account : default;
                node.Record.Health = health;
                node.Record.ActivatedStakeLamports = stake;
                node.Record.LastVoteSlot = Number(vote, "lastVote"u8);
                node.Record.RootSlot = Number(vote, "rootSlot"u8);
                node.Record.CommissionPercent = (byte)Math.Min(Number(vote, "commission"u8), 100);
            }
        }

        var furthest = nodes.Values.Select(static node => node.Record.LastVoteSlot).DefaultIfEmpty().Max();
        foreach (var node in nodes.Values)
        {
            node.Record.SlotsBehind = node.Record.LastVoteSlot == 0 ? 0 : (uint)Math.Min(furthest - node.Record.LastVoteSlot, uint.MaxValue);
        }
    }

    private void Contacts(JsonElement result, Dictionary<Pubkey, NodeInfo> nodes)
    {
        foreach (var contact in result.EnumerateArray())
        {
            if (Of(nodes, Text(contact, "pubkey"u8)) is not { } node)
            {
                continue;
            }

            node.Version = Text(contact, "version"u8) ?? "";
            foreach (var role in Roles)
            {
                if (contact.TryGetProperty(role, out var address) && address.ValueKind == JsonValueKind.String && NodeTexts.Fits(address.GetString()!, source))
                {
                    node.Addresses[role] = address.GetString()!;
                }
            }
        }
    }

    private static void Production(JsonElement result, Dictionary<Pubkey, NodeInfo> nodes)
    {
        foreach (var entry in result.GetProperty("value"u8).GetProperty("byIdentity"u8).EnumerateObject())
        {
            if (Of(nodes, entry.Name) is { } node && entry.Value.ValueKind == JsonValueKind.Array && entry.Value.GetArrayLength() == 2)
            {
                node.Record.LeaderSlots = (uint)Math.Min(Number(entry.Value[0]), uint.MaxValue);
                node.Record.BlocksProduced = (uint)Math.Min(Number(entry.Value[1]), uint.MaxValue);
            }
        }
    }

    // The next slot of each leader within the epoch: what a topology map shows and a sender of bundles wants.
    private static void Schedule(JsonElement result, Dictionary<Pubkey, NodeInfo> nodes, ulong epochSlot)
    {
        if (result.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (var entry in result.EnumerateObject())
        {
            if (Of(nodes, entry.Name) is not { } node || entry.Value.ValueKind != JsonValueKind.Array)
            {
                continue;
            }

            foreach (var index in entry.Value.EnumerateArray())
            {
                var at = Number(index);
                if (at >= epochSlot && index.ValueKind == JsonValueKind.Number)
                {
                    node.Addresses["nextLeaderSlotInEpoch"] = at.ToString(System.Globalization.CultureInfo.InvariantCulture);
                    break;
                }
            }
        }
    }

    // One entry of another shape must not hide all others.
    private static string? Text(JsonElement element, ReadOnlySpan<byte> name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static ulong Number(JsonElement element, ReadOnlySpan<byte> name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? Number(value) : 0;

    private static ulong Number(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetUInt64(out var number) ? number : 0;
}
