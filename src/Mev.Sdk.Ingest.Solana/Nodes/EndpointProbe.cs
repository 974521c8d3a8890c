using System.Text;
using Mev.Sdk.Ingest.Solana.Diagnostics;
using Mev.Sdk.Ingest.Solana.Rpc;
using Mev.Sdk.Records;
using Microsoft.Extensions.Logging;

namespace Mev.Sdk.Ingest.Solana.Nodes;

/// <summary>Looks at one endpoint: health, latency, slot, identity, version.</summary>
internal sealed class EndpointProbe(RpcClient client, TimeProvider time, ILogger logger) : IDisposable
{
    private bool _isDown;
    private Pubkey _identity;
    private string _version = "";

    public byte[] Name { get; } = Encoding.UTF8.GetBytes(client.Display);

    public string Version => _version;

    /// <summary>Looks once; a request is tried once, since a failure is the finding.</summary>
    public async Task<NodeRecord> LookAsync(CancellationToken cancellationToken)
    {
        var record = default(NodeRecord);
        var started = time.GetTimestamp();
        var (verdict, _) = await client.CallAsync("getHealth", "[]", static result => result.GetString(), cancellationToken, attempts: 1).ConfigureAwait(false);
        if (RpcErrors.IsEndpoint(verdict.Outcome) && !verdict.Problem.StartsWith("JSON-RPC", StringComparison.Ordinal))
        {
            Down("getHealth", verdict);
            record.Identity = _identity;
            record.Health = NodeHealth.Unreachable;
            return record;
        }

        record.LatencyNanoseconds = (ulong)time.GetElapsedTime(started).Ticks * 100;
        record.Health = verdict.IsOk ? NodeHealth.Healthy : NodeHealth.Behind;
        if (_isDown)
        {
            _isDown = false;
            Log.NodeReachable(logger, client.Display);
        }

        (_, record.Slot) = await client.CallAsync("getSlot", """[{"commitment":"processed"}]""", static result => result.GetUInt64(), cancellationToken, attempts: 1).ConfigureAwait(false);
        if (_identity.IsZero)
        {
            (_, _identity) = await client.CallAsync("getIdentity", "[]", static result => Pubkey.TryParse(result.GetProperty("identity"u8).GetString(), null, out var identity) ? identity : default, cancellationToken, attempts: 1).ConfigureAwait(false);
            (_, var version) = await client.CallAsync("getVersion", "[]", static result => result.GetProperty("solana-core"u8).GetString(), cancellationToken, attempts: 1).ConfigureAwait(false);
            _version = version ?? "";
        }

        record.Identity = _identity;
        return record;
    }

    public void Dispose() => client.Dispose();

    private void Down(string method, RpcVerdict verdict)
    {
        if (!_isDown)
        {
            Log.NodeUnreachable(logger, client.Display, method, verdict.Problem);
        }

        _isDown = true;
    }
}
