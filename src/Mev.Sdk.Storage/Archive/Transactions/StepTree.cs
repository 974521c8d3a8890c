namespace Mev.Sdk.Storage.Archive.Transactions;

/// <summary>Who called whom: the step last seen at each height.</summary>
internal struct StepTree()
{
    /// <summary>Greatest recorded height that is coded; the runtime allows 5, and 9 with nested calls of the newest rules.</summary>
    public const int MaxHeight = 14;

    private readonly int[] _last = new int[MaxHeight + 1];

    /// <summary>Starts below an outer instruction.</summary>
    public readonly void Begin(int outerStep)
    {
        Array.Fill(_last, -1);
        _last[1] = outerStep;
    }

    /// <summary>The caller of a step at a height; without a recorded height, or when the caller is missing, the outer instruction.</summary>
    public readonly int ParentAt(int height)
    {
        var above = HeightOf(height) - 1;
        return above >= 1 && _last[above] >= 0 ? _last[above] : _last[1];
    }

    public readonly void Enter(int height, int step) => _last[HeightOf(height)] = step;

    /// <summary>The height to work with: what was not recorded counts as called by the outer instruction.</summary>
    public static int HeightOf(int height) => height == 0 ? 2 : height;
}
