using System.Runtime.InteropServices;
using Mev.Sdk.Records;
using Mev.Sdk.Solana.Internal;
using Mev.Sdk.Solana.Meta;

namespace Mev.Sdk.Solana.Venues;

/// <summary>Finds the swaps that a transaction executed: legs on pools, never an aggregator's whole route.</summary>
/// <remarks>
/// Steps are visited backwards, so that a program is seen after everything it invoked: a program that is not a known venue is read by token
/// movements only when no swap was found below it, otherwise it is a router.
/// </remarks>
internal sealed class SwapExtractor
{
    private readonly TokenLedger _ledger = new();
    private readonly List<int> _stepOf = [];
    private int _signers;

    public void Extract(Execution execution, ReadOnlySpan<byte> wire, ReadOnlySpan<byte> meta, in StatusMeta status, List<SwapEntry> swaps)
    {
        if (!_ledger.TryLoad(execution, wire, meta, in status))
        {
            return;
        }

        _stepOf.Clear();
        _signers = execution.SignerCount;
        var view = new ExecutionView(wire, meta, status, execution.Steps, execution.Keys, _ledger.Accounts, _ledger.Transfers);
        for (var i = view.Steps.Length - 1; i >= 0; i--)
        {
            Visit(in view, i, swaps);
        }

        swaps.Reverse();
        _stepOf.Reverse();
        var found = CollectionsMarshal.AsSpan(swaps);
        for (var i = 0; i < found.Length; i++)
        {
            Place(in view, _stepOf[i], ref found[i]);
        }
    }

    private void Visit(in ExecutionView view, int index, List<SwapEntry> swaps)
    {
        ref readonly var step = ref view.Steps[index];
        var data = view.Data(in step);
        SwapShape shape;
        SwapEntry swap;
        switch (step.Kind)
        {
            case ProgramKind.OrcaWhirlpool:
                VisitWhirlpool(in view, index, swaps);
                return;
            case ProgramKind.PumpFun when PumpFun.TryRead(in view, index, out swap):
            case ProgramKind.RaydiumV4 when RaydiumV4.TryRecognise(data, step.AccountsLength, out shape) && VaultSwap.TryRead(in view, index, in shape, out swap):
            case ProgramKind.RaydiumClmm when RaydiumClmm.TryRecognise(data, out shape) && VaultSwap.TryRead(in view, index, in shape, out swap):
            case ProgramKind.RaydiumCpmm when RaydiumCpmm.TryRecognise(data, out shape) && VaultSwap.TryRead(in view, index, in shape, out swap):
            case ProgramKind.MeteoraDlmm when MeteoraDlmm.TryRecognise(data, out shape) && VaultSwap.TryRead(in view, index, in shape, out swap):
            case ProgramKind.PumpSwap when PumpSwap.TryRecognise(data, out shape) && VaultSwap.TryRead(in view, index, in shape, out swap):
                Add(index, in swap, swaps);
                return;
            case ProgramKind.Unknown or ProgramKind.MeteoraDamm when !HasSwapBelow(in step, index)
                && MovementSwap.TryRead(in view, index, _signers, anyDepth: step.Kind == ProgramKind.MeteoraDamm, out swap):
                Add(index, in swap, swaps);
                return;
        }
    }

    private void VisitWhirlpool(in ExecutionView view, int index, List<SwapEntry> swaps)
    {
        var count = OrcaWhirlpool.Recognise(view.Data(in view.Steps[index]), out var first, out var second);
        SwapEntry one = default, two = default;
        var hasOne = count >= 1 && VaultSwap.TryRead(in view, index, in first, out one);
        if (count == 2 && VaultSwap.TryRead(in view, index, in second, out two))
        {
            // The second hop may be paid by the first pool directly; the trader is whoever paid the first.
            two.Trader = hasOne ? one.Trader : two.Trader;
            Add(index, in two, swaps);
        }

        if (hasOne)
        {
            Add(index, in one, swaps);
        }
    }

    private bool HasSwapBelow(in TraceStep step, int index)
    {
        foreach (var other in _stepOf)
        {
            if (other > index && other < step.End)
            {
                return true;
            }
        }

        return false;
    }

    private void Add(int step, in SwapEntry swap, List<SwapEntry> swaps)
    {
        swaps.Add(swap);
        _stepOf.Add(step);
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
