using System.Globalization;
using Mev.Sdk.Records;

namespace Mev.Sdk.Storage.Relational;

/// <summary>Words for kinds of opportunity in columns named <c>type</c>; stable on disk.</summary>
public static class OpportunityTypes
{
    private static readonly string[] Names = ["unknown", "arbitrage", "sandwich", "liquidation", "backrun", "jit_liquidity"];
    private static readonly byte[][] Utf8Names = [.. Names.Select(System.Text.Encoding.UTF8.GetBytes)];

    /// <summary>The word of a kind.</summary>
    /// <param name="kind">The kind.</param>
    /// <returns>The word; for a kind of a later version its number.</returns>
    public static string ToText(OpportunityKind kind) => (int)kind < Names.Length ? Names[(int)kind] : ((int)kind).ToString(CultureInfo.InvariantCulture);

    /// <summary>The kind of a word.</summary>
    /// <param name="text">The word, or a number.</param>
    /// <returns>The kind; <see cref="OpportunityKind.Unknown"/> for what is neither.</returns>
    public static OpportunityKind Parse(string text)
    {
        var index = Array.IndexOf(Names, text);
        return index >= 0 ? (OpportunityKind)index
            : ushort.TryParse(text, CultureInfo.InvariantCulture, out var number) ? (OpportunityKind)number : OpportunityKind.Unknown;
    }

    internal static ReadOnlySpan<byte> ToUtf8(OpportunityKind kind) =>
        (int)kind < Utf8Names.Length ? Utf8Names[(int)kind] : System.Text.Encoding.UTF8.GetBytes(ToText(kind));
}
