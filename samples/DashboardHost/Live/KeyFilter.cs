namespace Mev.Sdk.DashboardHost.Live;

/// <summary>An address that a person wrote into a filter.</summary>
/// <param name="Text">What was written, without blanks; empty = nothing.</param>
/// <param name="Key">The address; null when nothing, or no address, was written.</param>
internal readonly record struct KeyFilter(string Text, Pubkey? Key)
{
    /// <summary>Nothing was written: everything passes. What is no address lets nothing pass, and the page says so.</summary>
    public bool IsAny => string.IsNullOrEmpty(Text);

    public bool IsMalformed => !IsAny && Key is null;

    public static KeyFilter Parse(string? text)
    {
        text = text?.Trim() ?? "";
        return new KeyFilter(text, Pubkey.TryParse(text, null, out var key) ? key : null);
    }
}
