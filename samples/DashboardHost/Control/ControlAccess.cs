using System.Security.Cryptography;
using System.Text;
using Mev.Sdk.DashboardHost.Engine;
using Microsoft.Extensions.Options;

namespace Mev.Sdk.DashboardHost.Control;

/// <summary>
/// Decides who may change parameters. Whoever can open a connection from this machine may look, but that is any user and any process of it, and parameters move money:
/// only the embedded engine, whose market is simulated, takes changes without a secret.
/// </summary>
internal sealed class ControlAccess(HostSettings settings, IOptions<ControlHostOptions> options)
{
    // Compared by their hashes, so that not even the length can be measured.
    private readonly byte[]? _secret = options.Value.Secret is { } secret ? Hash(secret.Trim()) : null;

    /// <summary>Whether the form asks for the secret.</summary>
    public bool NeedsSecret => settings.Mode == DataMode.Engine;

    /// <summary>Whether nobody may change anything.</summary>
    public bool IsOff => NeedsSecret && _secret is null;

    /// <summary>Who a granted change is said to be from.</summary>
    public string Actor => NeedsSecret ? "holder of the control secret" : "viewer on this machine";

    /// <summary>Why a change is refused, or null.</summary>
    public string? Refusal(string? given) =>
        !NeedsSecret ? null
        : _secret is null ? "Changes are off: set Mev:Control:Secret (best by the environment variable Mev__Control__Secret) to change the parameters of this engine."
        : CryptographicOperations.FixedTimeEquals(_secret, Hash(given?.Trim() ?? "")) ? null
        : "That is not the control secret of this host (Mev:Control:Secret).";

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
