using Mev.Sdk.Records;

namespace Mev.Sdk.Storage.DuckDb;

/// <summary>Names of opportunity kinds in the column <c>type</c>; stable on disk.</summary>
internal static class OpportunityTypes
{
    private static readonly string[] Names = ["unknown", "arbitrage", "sandwich", "liquidation", "backrun", "jit_liquidity"];

    /// <returns>The name; a kind of a later version is kept as its number.</returns>
    public static string ToText(OpportunityKind kind) =>
        (int)kind < Names.Length ? Names[(int)kind] : ((int)kind).ToString(System.Globalization.CultureInfo.InvariantCulture);

    public static OpportunityKind Parse(string text)
    {
        var index = Array.IndexOf(Names, text);
        return index >= 0 ? (OpportunityKind)index
            : ushort.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var number) ? (OpportunityKind)number : OpportunityKind.Unknown;
    }
}
