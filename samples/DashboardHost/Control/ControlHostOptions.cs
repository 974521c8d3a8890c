namespace Mev.Sdk.DashboardHost.Control;

/// <summary>Section <c>Mev:Control</c>: who may change the parameters of engines.</summary>
internal sealed class ControlHostOptions
{
    private const int MinSecretLength = 16;

    /// <summary>
    /// What a person types to change an engine's parameters, at least 16 characters; default none: engines elsewhere are shown and not changed. The
    /// embedded engine's simulated market needs none. Never logged.
    /// </summary>
    public string? Secret { get; set; }

    public IEnumerable<string> Validate()
    {
        if (Secret is not null && Secret.Trim().Length < MinSecretLength)
        {
            yield return $"Mev:Control:Secret has fewer than {MinSecretLength} characters; give a longer one (openssl rand -base64 24), or remove it to switch changes off.";
        }
    }
}
