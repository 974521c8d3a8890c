using System.Globalization;
using Mev.Sdk.DashboardHost.Live;

namespace Mev.Sdk.DashboardHost.Transactions;

/// <summary>Amounts to the last digit: a page about one transaction rounds nothing.</summary>
internal static class Amounts
{
    private const byte SolDecimals = 9;

    /// <summary>Base units in whole tokens: thousands grouped, trailing zeros left out.</summary>
    public static string Exact(UInt128 amount, int decimals)
    {
        var digits = amount.ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        var whole = digits[..(digits.Length - decimals)];
        var fraction = digits[(digits.Length - decimals)..].TrimEnd('0');
        var grouped = new System.Text.StringBuilder(whole.Length + (whole.Length / 3));
        for (var i = 0; i < whole.Length; i++)
        {
            grouped.Append(i > 0 && (whole.Length - i) % 3 == 0 ? "," : "").Append(whole[i]);
        }

        return fraction.Length == 0 ? grouped.ToString() : $"{grouped}.{fraction}";
    }

    /// <summary>An amount of a token with its symbol.</summary>
    public static string Of(UInt128 amount, int decimals, in Pubkey mint) => $"{Exact(amount, decimals)} {TokenNames.Get(in mint)}";

    public static string Sol(UInt128 lamports) => Exact(lamports, SolDecimals) + " SOL";

    /// <summary>The difference with its sign.</summary>
    public static string Change(UInt128 before, UInt128 after, int decimals) =>
        after >= before ? "+" + Exact(after - before, decimals) : "−" + Exact(before - after, decimals);

    /// <summary>How much less than what was got the trader would have accepted; empty when the instruction does not say.</summary>
    public static string Slack(ulong got, ulong minimum)
    {
        if (minimum == 0 || got == 0)
        {
            return "";
        }

        var share = ((double)got - minimum) / got;
        return share < 0 ? "below the minimum" : (share * 100).ToString(share < 0.1 ? "0.00" : "0", CultureInfo.InvariantCulture) + " % to spare";
    }
}
