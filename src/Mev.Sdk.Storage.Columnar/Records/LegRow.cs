using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Columnar.Records;

/// <summary>One leg of a label.</summary>
internal readonly ref struct LegRow
{
    private readonly ReadOnlySpan<LabelLeg> _leg;

    private LegRow(LabelView label, int index)
    {
        Label = label;
        Index = index;
        _leg = label.Legs.Slice(index, 1);
    }

    public LabelView Label { get; }

    public int Index { get; }

    public ref readonly LabelLeg Leg => ref _leg[0];

    public static bool TryRead(in RecordView record, int index, out LegRow row)
    {
        if (!LabelView.TryRead(in record, out var label) || index >= label.Legs.Length)
        {
            row = default;
            return false;
        }

        row = new LegRow(label, index);
        return true;
    }
}
