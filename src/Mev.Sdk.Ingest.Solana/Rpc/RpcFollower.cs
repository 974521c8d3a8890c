using System.Globalization;
using Mev.Sdk.Ingest.Solana.Blocks;
using Mev.Sdk.Ingest.Solana.Chain;
using Mev.Sdk.Ingest.Solana.Internal;
using Mev.Sdk.Records;

namespace Mev.Sdk.Ingest.Solana.Rpc;

/// <summary>Follows the tip by polling: lists slots, gets their blocks in parallel, delivers them in order, follows finality.</summary>
internal sealed class RpcFollower(ChainStream stream, BlockFetcher fetcher, GapFiller filler, EndpointState endpoint, RpcFollower.Settings settings, ulong start)
{
    private const ulong SlotsAtOnce = 1000;
    private const int MaxAncestors = 64;

    private readonly ulong _first = start;
    private ulong _next = start;
    private ulong _final;

    /// <summary>The last slot that was dealt with.</summary>
    public ulong Last => _next - 1;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var (verdict, tip) = await fetcher.SlotAsync(settings.Commitment, cancellationToken, attempts: 1).ConfigureAwait(false);
            if (!verdict.IsOk)
            {
                await endpoint.FailedAsync(verdict, cancellationToken).ConfigureAwait(false);
                continue;
            }

            endpoint.Answered();
            await FollowFinalityAsync(tip, cancellationToken).ConfigureAwait(false);
            var last = Math.Min(tip, settings.ToSlot ?? ulong.MaxValue);
            if (_next <= last)
            {
                if (await DeliverAsync(_next, Math.Min(last, _next + SlotsAtOnce - 1), cancellationToken).ConfigureAwait(false) is { } problem)
                {
                    await endpoint.FailedAsync(problem, cancellationToken).ConfigureAwait(false);
                }

                await TellFinalityAsync(cancellationToken).ConfigureAwait(false);
                continue;
            }

            if (_next > settings.ToSlot)
            {
                return;
            }

            await Task.Delay(settings.PollInterval, stream.Context.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task FollowFinalityAsync(ulong tip, CancellationToken cancellationToken)
    {
        if (settings.Commitment == ChainCommitment.Finalized)
        {
            _final = tip;
            return;
        }

        var (verdict, final) = await fetcher.SlotAsync(ChainCommitment.Finalized, cancellationToken, attempts: 1).ConfigureAwait(false);
        if (verdict.IsOk)
        {
            _final = Math.Max(_final, final);
            await TellFinalityAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    // The newest block of ours that is final; what lies between it and the last one follows from parents.
    private async Task TellFinalityAsync(CancellationToken cancellationToken)
    {
        await stream.EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var newest = stream.Book.Slots.LastOrDefault(state => state.HasBlock && state.Slot <= _final);
            // Of another block than the root itself it is not known whether the root stands on it.
            if (newest is not null && newest.Slot > stream.Book.Root && newest.Slot == _final)
            {
                stream.AppendStage(newest.Slot, 0, SightingStage.Finalized, 0);
                await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            stream.Exit();
        }
    }

    private async Task<RpcVerdict?> DeliverAsync(ulong first, ulong last, CancellationToken cancellationToken)
    {
        var (verdict, slots) = await fetcher.ListAsync(first, last, settings.Commitment, cancellationToken).ConfigureAwait(false);
        if (!verdict.IsOk)
        {
            return RpcErrors.IsEndpoint(verdict.Outcome) ? verdict : await OutOfReachAsync(first, last, verdict, cancellationToken).ConfigureAwait(false);
        }

        var asked = new Queue<(ulong Slot, Task<(RpcVerdict Verdict, DecodedBlock? Block)> Answer)>();
        using var ahead = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var at = 0;
        try
        {
            while (at < slots!.Length || asked.Count > 0)
            {
                while (at < slots.Length && asked.Count < fetcher.Client.Concurrency)
                {
                    var slot = slots[at++];
                    asked.Enqueue((slot, FetchAsync(slot, ahead.Token)));
                }

                var (current, answer) = asked.Dequeue();
                var (outcome, block) = await answer.ConfigureAwait(false);
                using (block)
                {
                    var problem = block is not null
                        ? await DeliverAsync(block, cancellationToken).ConfigureAwait(false)
                        : await MissAsync(current, outcome, cancellationToken).ConfigureAwait(false);
                    if (problem is not null)
                    {
                        return problem;
                    }
                }

                _next = current + 1;
            }
        }
        finally
        {
            await ahead.CancelAsync().ConfigureAwait(false);
            foreach (var (_, answer) in asked)
            {
                await DropAsync(answer).ConfigureAwait(false);
            }
        }

        // No block is listed behind the last one: those slots were skipped, or are of a fork that the node left.
        _next = last + 1;
        return null;
    }

    private Task<(RpcVerdict Verdict, DecodedBlock? Block)> FetchAsync(ulong slot, CancellationToken cancellationToken) =>
        fetcher.FetchAsync(slot, settings.Commitment, slot <= _final ? SightingStage.Finalized : Commitments.StageOf(settings.Commitment), cancellationToken);

    private static async Task DropAsync(Task<(RpcVerdict Verdict, DecodedBlock? Block)> answer)
    {
        await ((Task)answer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (answer.IsCompletedSuccessfully)
        {
            (await answer.ConfigureAwait(false)).Block?.Dispose();
        }
    }

    // A node may leave a block out of its list; the child's parent link tells.
    private async Task<RpcVerdict?> DeliverAsync(DecodedBlock block, CancellationToken cancellationToken)
    {
        var ancestors = new Stack<DecodedBlock>();
        try
        {
            var parent = block.Block.ParentSlot;
            var known = Math.Max(stream.Book.NewestBlock, _first - 1);
            while (stream.Book.NewestBlock != 0 && parent > known && stream.Book.Find(parent) is not { IsAccountedFor: true } && ancestors.Count < MaxAncestors)
            {
                var (verdict, ancestor) = await FetchAsync(parent, cancellationToken).ConfigureAwait(false);
                if (ancestor is null)
                {
                    if (await MissAsync(parent, verdict, cancellationToken).ConfigureAwait(false) is { } problem)
                    {
                        return problem;
                    }

                    break;
                }

                ancestors.Push(ancestor);
                parent = ancestor.Block.ParentSlot;
            }

            while (ancestors.TryPop(out var ancestor))
            {
                using (ancestor)
                {
                    await SendAsync(ancestor, cancellationToken).ConfigureAwait(false);
                }
            }

            await SendAsync(block, cancellationToken).ConfigureAwait(false);
            return null;
        }
        finally
        {
            foreach (var left in ancestors)
            {
                left.Dispose();
            }
        }
    }

    private async Task SendAsync(DecodedBlock block, CancellationToken cancellationToken)
    {
        await stream.EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await stream.DeliverAsync(block, filter: null, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            stream.Exit();
        }
    }

    // The list names the slot, so it has a block: whatever the answer is, a skipped slot it is not.
    private async Task<RpcVerdict?> MissAsync(ulong slot, RpcVerdict verdict, CancellationToken cancellationToken)
    {
        if (RpcErrors.IsEndpoint(verdict.Outcome))
        {
            // An endpoint that fails at one block only must not hold up all others.
            var (probe, _) = await fetcher.SlotAsync(settings.Commitment, cancellationToken, attempts: 1).ConfigureAwait(false);
            if (!probe.IsOk)
            {
                return probe;
            }
        }

        var isLost = verdict.Outcome is RpcOutcome.Gone or RpcOutcome.Refused or RpcOutcome.Unusable or RpcOutcome.TooLarge;
        await stream.EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
            if (isLost)
            {
                stream.Missing(slot, slot, GapState.Final, verdict.Outcome == RpcOutcome.Gone ? GapCause.NotRetained : GapCause.Unspecified, verdict.Problem);
            }
            else
            {
                filler.Add(slot, slot, GapCause.Unanswered, verdict.Problem);
            }
        }
        finally
        {
            stream.Exit();
        }

        return null;
    }

    // Not even a list: older than the node's ledger, or a range that it refuses.
    private async Task<RpcVerdict?> OutOfReachAsync(ulong first, ulong last, RpcVerdict verdict, CancellationToken cancellationToken)
    {
        var (outcome, oldest) = await fetcher.FirstAvailableAsync(cancellationToken).ConfigureAwait(false);
        if (!outcome.IsOk)
        {
            return outcome;
        }

        if (oldest <= first)
        {
            return verdict;
        }

        var end = Math.Min(last, oldest - 1);
        await stream.EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            stream.Missing(first, end, GapState.Final, GapCause.NotRetained, string.Create(CultureInfo.InvariantCulture, $"the node's oldest block is that of slot {oldest}; {verdict.Problem}"));
        }
        finally
        {
            stream.Exit();
        }

        _next = end + 1;
        return null;
    }

    /// <summary>What is wanted.</summary>
    internal sealed record Settings(ChainCommitment Commitment, ulong? ToSlot, TimeSpan PollInterval);
}
