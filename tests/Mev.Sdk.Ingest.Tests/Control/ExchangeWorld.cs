using Mev.Sdk.Ingest.Control;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Tests.Control;

/// <summary>Two hosts and one engine; everything that is in flight is a list from which any element may be taken next.</summary>
internal sealed class ExchangeWorld
{
    private const uint Source = 1;
    private const int Strategies = 2;

    private readonly ParameterLedger _engine = new(capacity: 4_096);
    private readonly Dictionary<Guid, ParameterState> _truth = [];
    private readonly List<Guid> _applied = [];
    private readonly Host[] _hosts = [new Host(), new Host()];
    private ulong _now = 1_000;
    private long _connections;

    public void Step(byte step)
    {
        var host = _hosts[step & 1];
        var choice = step >> 4;
        switch ((step >> 1) & 7)
        {
            case 0:
                host.Request((ushort)(choice % Strategies), choice >= 12 ? _now + (ulong)choice : 0, _now);
                break;
            case 1:
                host.Commit(choice);
                break;
            case 2:
                host.Pump();
                break;
            case 3 when host.ToEngine.Count > 0:
                // Delivered, and with an odd choice left in flight: it comes again.
                Deliver(host, choice % host.ToEngine.Count, keep: (choice & 1) != 0);
                break;
            case 4 when host.ToHost.Count > 0:
                host.Take(choice % host.ToHost.Count, keep: (choice & 1) != 0);
                break;
            case 5:
                host.Reconnect(++_connections, keepUpdates: (choice & 1) != 0);
                break;
            case 6 when choice < 4:
                host.Restart(++_connections);
                break;
            default:
                _now += (ulong)choice;
                host.Expire(_now);
                break;
        }
    }

    /// <summary>The network heals: whatever is still open is sent and answered.</summary>
    public void Settle()
    {
        foreach (var host in _hosts)
        {
            host.Commit(int.MaxValue);
            host.Reconnect(++_connections, keepUpdates: false);
            host.Pump();
            while (host.ToEngine.Count > 0)
            {
                Deliver(host, 0, keep: false);
            }

            while (host.ToHost.Count > 0)
            {
                host.Take(0, keep: false);
            }
        }
    }

    public void Check()
    {
        Assert.Equal(_applied.Count, _applied.Distinct().Count());
        foreach (var host in _hosts)
        {
            Assert.Empty(host.Book.Open);
            foreach (var (id, told) in host.Told)
            {
                var state = Assert.Single(told.Distinct());
                var applied = _applied.Contains(id);
                Assert.Equal(applied, state == ParameterState.Applied);
                if (_truth.TryGetValue(id, out var decided))
                {
                    Assert.Equal(decided, state);
                }
                else
                {
                    Assert.Equal(ParameterState.Expired, state);
                }
            }

            // Everything that became durable was told of, in this life or in the one that asked.
            Assert.All(host.Durable, id => Assert.True(host.Told.ContainsKey(id)));
        }
    }

    private void Deliver(Host host, int index, bool keep)
    {
        var update = host.ToEngine[index];
        if (!keep)
        {
            host.ToEngine.RemoveAt(index);
        }

        var answer = _engine.Find(in update, _now * 100);
        if (answer is null)
        {
            var apply = update.UpdateId.GetHashCode() % 3 != 0;
            answer = _engine.Decide(in update, apply, "", _now * 100);
            if (apply)
            {
                _applied.Add(update.UpdateId);
            }
        }

        if (_truth.TryGetValue(update.UpdateId, out var before))
        {
            Assert.Equal(before, answer.State);
        }

        _truth[update.UpdateId] = answer.State;
        host.ToHost.Add(new ParameterResultMessage { UpdateId = answer.UpdateId, Revision = answer.Revision, StrategyId = answer.StrategyId, State = answer.State });
    }

    private sealed class Host
    {
        private readonly List<byte[]> _lane = [];
        private readonly List<byte[]> _journal = [];
        private long _connection = -1;
        private ulong _lsn;

        public ParameterBook Book { get; private set; } = new();

        public List<ParameterUpdateMessage> ToEngine { get; } = [];

        public List<ParameterResultMessage> ToHost { get; } = [];

        public Dictionary<Guid, List<ParameterState>> Told { get; } = [];

        public List<Guid> Durable { get; } = [];

        public void Request(ushort strategy, ulong expires, ulong now)
        {
            var request = new ParameterRequest("engine", strategy, "{}", "test", expires == 0 ? null : ControlFrames.Time(expires * 100));
            var entry = Book.Request(Guid.NewGuid(), Source, request, "{}"u8.ToArray(), ControlFrames.Time(now * 100));
            _lane.Add(ControlFrames.Change(entry, ParameterState.Requested, 0, "", now));
        }

        /// <summary>Some of what was appended becomes durable.</summary>
        public void Commit(int count)
        {
            foreach (var frame in _lane.Take(count).ToArray())
            {
                _lane.Remove(frame);
                _journal.Add(frame);
                var lsn = new Lsn(++_lsn);
                if (ParameterChangeView.TryRead(new RecordView(lsn, frame), out var view) && view.Record.State == ParameterState.Requested)
                {
                    Durable.Add(view.Record.UpdateId);
                    Book.Sequenced(view.Record.UpdateId, lsn);
                }
            }

            Book.Durable(new Lsn(_lsn));
        }

        public void Pump()
        {
            while (Book.NextToSend(Source, _connection) is { } entry)
            {
                var frame = ControlFrames.Update(entry, 1);
                Assert.True(ParameterUpdateView.TryRead(new RecordView(Lsn.None, frame), out var view));
                ToEngine.Add(view.Message);
            }
        }

        public void Take(int index, bool keep)
        {
            var result = ToHost[index];
            if (!keep)
            {
                ToHost.RemoveAt(index);
            }

            if (Book.Answer(Source, in result) is { } entry)
            {
                Tell(entry, result.State);
            }
        }

        public void Expire(ulong now)
        {
            foreach (var entry in Book.Expire(now * 100))
            {
                Tell(entry, ParameterState.Expired);
            }
        }

        public void Reconnect(long connection, bool keepUpdates)
        {
            // What an old connection carried may still arrive at the engine, never its answers at the host.
            _connection = connection;
            ToHost.Clear();
            if (!keepUpdates)
            {
                ToEngine.Clear();
            }
        }

        /// <summary>A crash: what was not durable is gone, and the book is read from the journal.</summary>
        public void Restart(long connection)
        {
            Reconnect(connection, keepUpdates: true);
            _lane.Clear();
            Book = new ParameterBook();
            foreach (var frame in _journal)
            {
                Assert.True(ParameterChangeView.TryRead(new RecordView(new Lsn(1), frame), out var view));
                Book.Restore(in view);
            }
        }

        private void Tell(ParameterEntry entry, ParameterState state)
        {
            _lane.Add(ControlFrames.Change(entry, state, 1, "", 1));
            if (!Told.TryGetValue(entry.UpdateId, out var told))
            {
                Told[entry.UpdateId] = told = [];
            }

            told.Add(state);
        }
    }
}
