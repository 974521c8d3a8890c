using System.Runtime.InteropServices;
using Mev.Sdk.Records;

namespace Mev.Sdk.Storage.Projection;

/// <summary>Decides where a run of records has to end, because merging the next one together with it would not be the same as merging it after it.</summary>
/// <remarks>
/// A merge brings sightings in first and slots' stages then, and of several sightings of one transaction only the last. So a slot's stage must not come before a sighting that it would
/// advance, and repeated sightings in one run must only lead on.
/// </remarks>
internal sealed class RunOrder
{
    private readonly Dictionary<ulong, SightingStage> _stages = [];
    private readonly Dictionary<Signature, (SightingStage Stage, ulong Slot, long BlockTime)> _repeats = [];
    private bool _hasEnding;

    /// <summary>The stage that each slot comes to by the run's slot records.</summary>
    public IReadOnlyDictionary<ulong, SightingStage> Stages => _stages;

    public void Clear()
    {
        _stages.Clear();
        _repeats.Clear();
        _hasEnding = false;
    }

    /// <returns>Whether a stage takes the place of another one.</returns>
    public static bool Overtakes(SightingStage next, SightingStage current) =>
        current != SightingStage.Finalized && (next > current || current >= SightingStage.Dropped) && next != current;

    public bool EndsBefore(in TransactionRecord sighting) =>
        _hasEnding || TryAdvance(sighting.Slot, sighting.Stage, out _);

    /// <summary>Whether a sighting is repeated in the run.</summary>
    /// <param name="signature">Whose.</param>
    /// <param name="slot">The slot to which the repeat leads it.</param>
    public bool IsRepeated(in Signature signature, out ulong slot)
    {
        slot = 0;
        if (_repeats.Count == 0 || !_repeats.TryGetValue(signature, out var last))
        {
            return false;
        }

        slot = last.Slot;
        return true;
    }

    /// <summary>Whether the run has a record of a slot's stage.</summary>
    public bool HasStage(ulong slot) => _stages.Count > 0 && _stages.ContainsKey(slot);

    /// <summary>The stage that the run's slot records bring a sighting to, when nothing else of the run is about it.</summary>
    /// <returns>False when they leave it as it is.</returns>
    public bool TryAdvance(ulong slot, SightingStage seen, out SightingStage stage)
    {
        stage = seen;
        return _stages.Count > 0 && seen != SightingStage.Pending && _stages.TryGetValue(slot, out stage) && Overtakes(stage, seen);
    }

    /// <summary>Notes a repeated sighting.</summary>
    /// <returns>False when the run has to end before it.</returns>
    public bool TryAddRepeat(in TransactionRecord sighting)
    {
        ref var last = ref CollectionsMarshal.GetValueRefOrAddDefault(_repeats, sighting.Signature, out var exists);
        var leadsOn = sighting.Stage == last.Stage || (sighting.Stage > last.Stage && sighting.Stage < SightingStage.Dropped);
        if (exists && (!leadsOn || sighting.Slot != last.Slot || sighting.BlockTimeSeconds != last.BlockTime))
        {
            return false;
        }

        last = (sighting.Stage, sighting.Slot, sighting.BlockTimeSeconds);
        return true;
    }

    /// <summary>Notes a slot's stage.</summary>
    /// <returns>False when the run has to end before it.</returns>
    public bool TryAddStage(in SlotRecord slot)
    {
        ref var stage = ref CollectionsMarshal.GetValueRefOrAddDefault(_stages, slot.Slot, out var exists);
        if (exists && stage >= SightingStage.Dropped && slot.Stage < SightingStage.Dropped)
        {
            return false;
        }

        stage = !exists || Overtakes(slot.Stage, stage) ? slot.Stage : stage;
        _hasEnding |= slot.Stage >= SightingStage.Dropped;
        return true;
    }
}
