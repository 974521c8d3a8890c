using Mev.Sdk.Records;
using Mev.Sdk.Solana.Internal;

namespace Mev.Sdk.Solana.Venues;

/// <summary>Finds the swaps that a transaction executed: legs on pools, never an aggregator's whole route.</summary>
/// <remarks>
/// Steps are visited backwards, so that a program is seen after everything it invoked: a program that is not a known venue is read by token
/// movements only when no swap was found below it, otherwise it is a router.
/// </remarks>
internal sealed class SwapExtractor
{
    private readonly GrowList<int> _stepOf = new(16);
    private GrowList<SwapEntry> _swaps = null!; // set before anything is added

    /// <summary>The step of each swap found last.</summary>
    public ReadOnlySpan<int> Steps => _stepOf.Items;

    /// <summary>Finds the swaps.</summary>
    /// <param name="view">The transaction.</param>
    /// <param name="swaps">Cleared, then filled in order of execution.</param>
    public void Extract(in ExecutionView view, GrowList<SwapEntry> swaps)
    {
        _stepOf.Clear();
        _swaps = swaps;
        swaps.Clear();
        for (var i = view.Steps.Length - 1; i >= 0; i--)
        {
            switch (view.Steps[i].Kind)
            {
                case ProgramKind.Venue:
                    VisitVenue(in view, i);
                    break;
                case ProgramKind.Unknown:
                    VisitUnknown(in view, i);
                    break;
            }
        }

        swaps.Items.Reverse();
        _stepOf.Items.Reverse();
        for (var i = 0; i < swaps.Count; i++)
        {
            Place(in view, _stepOf[i], ref swaps[i]);
        }

        if (swaps.Count > 0 && view.CallsAggregator)
        {
            RouteMinimum.Apply(in view, swaps.Items, _stepOf.Items);
        }
    }

    private void VisitVenue(in ExecutionView view, int index)
    {
        ref readonly var step = ref view.Steps[index];
        var venue = view.ProgramOf(in step).Venue!;
        var data = view.Data(in step);
        if (step.End == index + 1 || Anchor.DiscriminatorOf(data) == Anchor.EventCall)
        {
            return; // it invoked nothing, so it moved no tokens
        }

        var found = venue.Find(data, step.AccountsLength);
        if (found < 0)
        {
            VisitUndescribed(in view, index, venue);
            return;
        }

        ref readonly var shape = ref venue.Instructions[found];
        if (shape.Role != InstructionRole.Swap)
        {
            return;
        }

        // Backwards like everything here: the second hop comes first.
        var hasSecond = found + 1 < venue.Instructions.Length && venue.Instructions[found + 1].IsSecondHop;
        var second = -1;
        if (hasSecond && TryAdd(in view, index, venue, in venue.Instructions[found + 1]))
        {
            second = _swaps.Count - 1;
        }

        if (TryAdd(in view, index, venue, in shape) && second >= 0)
        {
            // The second hop may be paid by the first pool directly; the trader is whoever paid the first.
            _swaps[second].Trader = _swaps[_swaps.Count - 1].Trader;
        }
    }

    private bool TryAdd(in ExecutionView view, int index, VenueDefinition venue, in InstructionShape shape)
    {
        ref readonly var step = ref view.Steps[index];
        ref var swap = ref _swaps.Add();
        var read = venue.Reading switch
        {
            SwapReading.PumpFunEvent => PumpFunEvent.TryRead(in view, index, namesCurve: true, ref swap),
            SwapReading.Vaults => VaultSwap.TryRead(in view, index, in shape, ref swap),
            _ => false,
        };
        if (!read && !MovementSwap.TryRead(in view, index, venue.Reading == SwapReading.DeepMovements, ref swap))
        {
            _swaps.RemoveLast();
            return false;
        }

        _stepOf.Add() = index;
        var accounts = view.Accounts(in step);
        swap.Venue = venue.Id;
        swap.Pool = (uint)shape.Pool < (uint)accounts.Length ? view.Keys[accounts[shape.Pool]] : default;
        swap.MinimumAmountOut = shape.Minimum.Read(view.Data(in step)[shape.DiscriminatorBytes..]);
        return true;
    }

    // An instruction of a known program that came after this library: what moved still tells a swap.
    private void VisitUndescribed(in ExecutionView view, int index, VenueDefinition venue)
    {
        ref var swap = ref _swaps.Add();
        if (venue.Reading == SwapReading.PumpFunEvent ? PumpFunEvent.TryRead(in view, index, namesCurve: false, ref swap)
            : !HasSwapBelow(in view.Steps[index], index) && MovementSwap.TryRead(in view, index, venue.Reading == SwapReading.DeepMovements, ref swap))
        {
            swap.Venue = venue.Id;
            _stepOf.Add() = index;
            return;
        }

        _swaps.RemoveLast();
    }

    private void VisitUnknown(in ExecutionView view, int index)
    {
        ref readonly var step = ref view.Steps[index];
        if (step.End == index + 1 || HasSwapBelow(in step, index))
        {
            return;
        }

        ref var swap = ref _swaps.Add();
        if (MovementSwap.TryRead(in view, index, anyDepth: false, ref swap))
        {
            _stepOf.Add() = index;
            return;
        }

        _swaps.RemoveLast();
    }

    private bool HasSwapBelow(in TraceStep step, int index)
    {
        foreach (var other in _stepOf.Items)
        {
            if (other > index && other < step.End)
            {
                return true;
            }
        }

        return false;
    }

    private static void Place(in ExecutionView view, int index, ref SwapEntry swap)
    {
        ref readonly var step = ref view.Steps[index];
        swap.Program = view.Keys[step.Program];
        swap.OuterInstruction = step.Outer;
        swap.InnerInstruction = step.Inner;
        for (var i = index - 1; i >= 0 && view.Steps[i].Outer == step.Outer; i--)
        {
            if (view.Steps[i].Kind == ProgramKind.Aggregator && view.Steps[i].End > index)
            {
                swap.Flags |= SwapFlags.Routed;
                return;
            }
        }
    }
}
