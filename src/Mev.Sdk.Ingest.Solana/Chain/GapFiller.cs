using System.Globalization;
using System.Threading.Channels;
using Mev.Sdk.Ingest.Solana.Diagnostics;
using Mev.Sdk.Ingest.Solana.Rpc;
using Mev.Sdk.Records;
using Microsoft.Extensions.Logging;

namespace Mev.Sdk.Ingest.Solana.Chain;

/// <summary>Gets what a stream missed from a JSON-RPC endpoint and delivers it late, or gives it up and says so.</summary>
/// <remarks>Gaps are added by the stream's side; one loop fills them, oldest first.</remarks>
internal sealed class GapFiller(ChainStream stream, BlockFetcher? fetcher, Func<ReadOnlyMemory<byte>, bool>? filter, TimeSpan interval, int maxAttempts, ILogger logger)
{
    private const ulong SlotsAtOnce = 256;

    private readonly Channel<SlotGap> _gaps = Channel.CreateUnbounded<SlotGap>();
    private int _waiting;

    /// <summary>What blocks cannot bring back, in words; appended to the reason of filled gaps, which then stay final. Null = blocks bring all.</summary>
    public string? Beyond { get; init; }

    /// <summary>Gaps that wait or are being filled.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Writes slots down as missing, to be filled if there is an endpoint. The caller holds the stream's turn and has flushed.</summary>
    public void Add(ulong first, ulong last, GapCause cause, string reason)
    {
        if (last < first)
        {
            return;
        }

        if (fetcher is null)
        {
            stream.Missing(first, last, GapState.Final, cause, reason + " No RPC endpoint is configured that could fill it.");
            return;
        }

        if (stream.Missing(first, last, GapState.Open, cause, reason) is { State: GapState.Open } gap)
        {
            Enqueue(gap);
        }
    }

    public void Enqueue(SlotGap gap)
    {
        Interlocked.Increment(ref _waiting);
        _gaps.Writer.TryWrite(gap);
    }

    /// <summary>Fills gaps until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await FillNextAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits for a gap and tries it once.</summary>
    public async Task FillNextAsync(CancellationToken cancellationToken)
    {
        var gap = await _gaps.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (gap.Attempts > 0)
            {
                await Task.Delay(interval, stream.Context.Time, cancellationToken).ConfigureAwait(false);
            }

            await FillAsync(gap, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Enqueue(gap); // what was not filled still waits
            throw;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>Tries one gap once, part by part from its front.</summary>
    private async Task FillAsync(SlotGap gap, CancellationToken cancellationToken)
    {
        while (true)
        {
            var last = Math.Min(gap.LastSlot, gap.FirstSlot + SlotsAtOnce - 1);
            var part = gap with { LastSlot = last, LastSequence = gap.FirstSequence + (last - gap.FirstSlot) };
            var present = new HashSet<ulong>();
            if (await FillAsync(gap.FirstSlot, last, present, cancellationToken).ConfigureAwait(false) is { } problem)
            {
                await FailAsync(gap, problem, cancellationToken).ConfigureAwait(false);
                return;
            }

            await FinishAsync(part, present, cancellationToken).ConfigureAwait(false);
            ChainMetrics.FilledSlots.Add((long)(last - gap.FirstSlot + 1), stream.Context.Tag);
            Log.GapFilled(logger, stream.Context.Name, gap.FirstSlot, last);
            if (last == gap.LastSlot)
            {
                return;
            }

            gap = gap with { FirstSlot = last + 1, FirstSequence = part.LastSequence + 1 };
        }
    }

    private async Task FinishAsync(SlotGap part, HashSet<ulong> present, CancellationToken cancellationToken)
    {
        await stream.EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
            if (Beyond is null)
            {
                await stream.AccountForAsync(part, present, cancellationToken).ConfigureAwait(false);
                stream.Resolve(part, GapState.Healed, "filled by RPC.");
            }
            else
            {
                stream.Resolve(part, GapState.Final, $"blocks were filled by RPC; {Beyond}");
            }
        }
        finally
        {
            stream.Exit();
        }
    }

    private async Task<RpcVerdict?> FillAsync(ulong first, ulong last, HashSet<ulong> present, CancellationToken cancellationToken)
    {        // Nothing above the tip can be listed: a gap just noticed may not be confirmed yet.
        var (tipVerdict, tip) = await fetcher!.SlotAsync(ChainCommitment.Confirmed, cancellationToken).ConfigureAwait(false);
        if (!tipVerdict.IsOk || tip < last)
        {
            return tipVerdict.IsOk ? new RpcVerdict(RpcOutcome.NotYet, "the node has not confirmed these slots yet") : tipVerdict;
        }

        var (verdict, slots) = await fetcher.ListAsync(first, last, ChainCommitment.Confirmed, cancellationToken).ConfigureAwait(false);
        if (!verdict.IsOk)
        {
            return verdict;
        }

        // The list may leave out a block that a gap was made for.
        foreach (var slot in first == last ? [first] : slots!)
        {
            var (fetched, block) = await fetcher.FetchAsync(slot, ChainCommitment.Confirmed, SightingStage.Confirmed, cancellationToken).ConfigureAwait(false);
            if (fetched.Outcome == RpcOutcome.Skipped && !slots!.Contains(slot))
            {
                continue;
            }

            if (block is null)
            {
                return fetched with { Problem = string.Create(CultureInfo.InvariantCulture, $"slot {slot}: {fetched.Problem}") };
            }

            present.Add(slot);
            using (block)
            {
                await stream.EnterAsync(cancellationToken).ConfigureAwait(false);
                try
                {
                    await stream.DeliverAsync(block, filter, cancellationToken).ConfigureAwait(false);
                }
                finally
                {
                    stream.Exit();
                }
            }
        }

        return null;
    }

    private async Task FailAsync(SlotGap gap, RpcVerdict problem, CancellationToken cancellationToken)
    {
        var attempts = gap.Attempts + 1;
        var isHopeless = !RpcErrors.IsTransient(problem.Outcome) && !RpcErrors.IsEndpoint(problem.Outcome);
        if (!isHopeless && attempts < maxAttempts)
        {
            Enqueue(gap with { Attempts = attempts });
            return;
        }

        Log.GapGivenUp(logger, stream.Context.Name, gap.FirstSlot, gap.LastSlot, problem.Problem);
        await ResolveAsync(gap, GapState.Final, $"cannot be had by RPC: {problem.Problem}", cancellationToken).ConfigureAwait(false);
    }

    private async Task ResolveAsync(SlotGap gap, GapState state, string reason, CancellationToken cancellationToken)
    {
        await stream.EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
            stream.Resolve(gap, state, reason);
        }
        finally
        {
            stream.Exit();
        }
    }
}
