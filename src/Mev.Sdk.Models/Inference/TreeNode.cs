using System.Runtime.InteropServices;

namespace Mev.Sdk.Models.Inference;

/// <summary>One split. Children: at or above 0 a node, below 0 the complement of a leaf.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TreeNode
{
    public float Threshold;
    public ushort Feature;

    /// <summary>Where NaN goes. LightGBM reads NaN as 0 where a split knows no NaN; that is decided when the model is parsed.</summary>
    public bool MissingGoesLeft;

    /// <summary>LightGBM's missing type Zero: values within 1e-35 of 0, and NaN, go where missing values go.</summary>
    public bool ZeroIsMissing;

    public int Left;
    public int Right;
}
