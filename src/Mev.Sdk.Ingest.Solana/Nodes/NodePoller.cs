using System.Text;
using System.Text.Json;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Solana.Chain;
using Mev.Sdk.Ingest.Solana.Diagnostics;
using Mev.Sdk.Ingest.Solana.Internal;
using Mev.Sdk.Ingest.Solana.Rpc;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mev.Sdk.Ingest.Solana.Nodes;

/// <summary>Looks at the cluster's nodes and at RPC endpoints from time to time and delivers what it sees as <see cref="NodeRecord"/>s.</summary>
/// <remarks>A look that fails is told and counted, and is no gap: the next one shows the state of then. <see cref="RunAsync"/> runs once at a time.</remarks>
public sealed class NodePoller : IRecordSource, IDisposable
{
    internal const string Kind = "nodes";

    private readonly RpcClient _client;
    private readonly EndpointProbe[] _probes;
    private readonly TimeSpan _healthInterval;
    private readonly TimeSpan _clusterInterval;
    private readonly int _maxNodes;
    private readonly uint _behindSlots;
    private readonly Func<IRecordLog?> _log;
    private readonly SourceWatch _watch;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly HashSet<string> _failing = new(StringComparer.Ordinal);

    /// <summary>Creates a poller; it asks when it is run.</summary>
    /// <param name="options">Whom to ask and how often; copied.</param>
    /// <param name="log">Gives the durable log, behind whose records of this source it numbers on; null or a null result: from 1.</param>
    /// <param name="monitor">Where state and counters are shown; one of its own when null.</param>
    /// <param name="timeProvider">Clock and timers; the system's by default.</param>
    /// <param name="logger">Where endpoints that do not answer are reported.</param>
    /// <exception cref="ArgumentException">An option is missing or out of range; the message names every one.</exception>
    public NodePoller(
        NodePollerOptions options,
        Func<IRecordLog?>? log = null,
        IngestMonitor? monitor = null,
        TimeProvider? timeProvider = null,
        ILogger<NodePoller>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var errors = new List<string>();
        options.Validate(NodePollerOptions.Section, errors);
        OptionChecks.ThrowIfAny(errors, nameof(options));
        Name = options.Name;
        _time = timeProvider ?? TimeProvider.System;
        _logger = logger ?? NullLogger<NodePoller>.Instance;
        ClearTokens.Warn(_logger, Name, [.. options.Endpoints.Prepend(options.Connection).Select(static endpoint => (endpoint.Endpoint, endpoint.Token))]);
        _client = new RpcClient(options.Connection, _time, _logger);
        _probes = [.. options.Endpoints.Prepend(options.Connection).Select(endpoint => new EndpointProbe(new RpcClient(endpoint, _time, _logger), _time, _logger))];
        _healthInterval = options.HealthInterval;
        _clusterInterval = options.ClusterInterval;
        _maxNodes = options.MaxNodes;
        _behindSlots = (uint)options.BehindSlots;
        _log = log ?? (static () => null);
        _watch = (monitor ?? new IngestMonitor(_time)).AddSource(Name, _client.Display);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public async Task RunAsync(IRecordIntake intake, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(intake);
        try
        {
            var context = new ChainContext(Name, ChainSessions.Of(Kind, ""), new GapLedger(timeProvider: _time), _watch, _time);
            var next = 1 + (_log()?.DurablePositions ?? []).Where(position => position.SourceId == context.SourceId && position.SessionId == context.SessionId)
                .Select(static position => position.Sequence).DefaultIfEmpty().Max();
            using var stream = new ChainStream(context, intake, next, new SlotBook(ChainDefaults.Window));
            _watch.OnSession(context.SessionId, "Solana JSON-RPC");
            await Together.RunAsync(
                token => EveryAsync(_healthInterval, () => LookAtEndpointsAsync(stream, token), token),
                token => EveryAsync(_clusterInterval, () => LookAtClusterAsync(stream, token), token),
                cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _watch.SetState(SourceState.Ended, "the poller was stopped.");
        }
        catch (Exception exception)
        {
            _watch.SetState(SourceState.Ended, _client.Strip(exception.Message));
            throw;
        }
    }

    /// <summary>Closes its connections; not while it runs.</summary>
    public void Dispose()
    {
        _client.Dispose();
        foreach (var probe in _probes)
        {
            probe.Dispose();
        }
    }

    private async Task EveryAsync(TimeSpan interval, Func<Task> look, CancellationToken cancellationToken)
    {
        while (true)
        {
            await look().ConfigureAwait(false);
            await Task.Delay(interval, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task LookAtEndpointsAsync(ChainStream stream, CancellationToken cancellationToken)
    {
        var records = await Task.WhenAll(_probes.Select(probe => probe.LookAsync(cancellationToken))).ConfigureAwait(false);
        var tip = records.Max(static record => record.Slot);
        await stream.EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            for (var i = 0; i < records.Length; i++)
            {
                ref var record = ref records[i];
                record.SlotsBehind = record.Slot == 0 ? 0 : (uint)Math.Min(tip - record.Slot, uint.MaxValue);
                record.Health = record.Health == NodeHealth.Healthy && record.SlotsBehind >= _behindSlots ? NodeHealth.Behind : record.Health;
                Append(stream, ref record, _probes[i].Name, _probes[i].Version, []);
            }

            await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            stream.Exit();
        }

        if (records[0].Health == NodeHealth.Unreachable)
        {
            _watch.SetState(SourceState.Disconnected, "the endpoint does not answer.");
        }
        else
        {
            _watch.OnHeard();
            _watch.SetState(SourceState.Connected, "");
        }
    }

    private async Task LookAtClusterAsync(ChainStream stream, CancellationToken cancellationToken)
    {
        var problems = new List<(string Method, RpcVerdict Verdict)>();
        var nodes = await new ClusterReader(_client, stream.Context.Tag).ReadAsync(problems, cancellationToken).ConfigureAwait(false);
        foreach (var (method, verdict) in problems)
        {
            if (_failing.Add(method))
            {
                Log.NodeUnreachable(_logger, _client.Display, method, verdict.Problem);
            }
        }

        _failing.RemoveWhere(method => !problems.Exists(problem => problem.Method == method));
        await stream.EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            foreach (var node in nodes.Values.OrderByDescending(static node => node.Record.ActivatedStakeLamports).Take(_maxNodes))
            {
                Append(stream, ref node.Record, [], node.Version, Json(node.Addresses));
                if (stream.IsFull)
                {
                    await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
                }
            }

            await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            stream.Exit();
        }
    }

    private static void Append(ChainStream stream, ref NodeRecord record, ReadOnlySpan<byte> name, string version, ReadOnlySpan<byte> addresses)
    {
        record.ObservedNanoseconds = stream.Context.NowNanoseconds();
        var versionBytes = NodeTexts.Cut(version, stream.Context.Tag);
        var length = NodeView.GetFrameLength(name.Length, versionBytes.Length, addresses.Length);
        var frame = stream.Reserve(length);
        NodeView.Write(frame, 0, in record, name, versionBytes, addresses);
        FrameWriter.Stamp(frame[..length], stream.Next, 0);
        stream.Commit(length, 0);
    }

    private static byte[] Json(SortedDictionary<string, string> addresses)
    {
        if (addresses.Count == 0)
        {
            return [];
        }

        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory))
        {
            json.WriteStartObject();
            foreach (var (role, address) in addresses)
            {
                json.WriteString(role, address);
            }

            json.WriteEndObject();
        }

        return memory.ToArray();
    }
}
