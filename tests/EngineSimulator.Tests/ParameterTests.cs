using System.Text;
using Mev.Sdk;
using Mev.Sdk.Ingest.Control;
using Mev.Sdk.Ingest.Sequencing;
using Mev.Sdk.Ingest.Transports;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace EngineSimulator.Tests;

/// <summary>A host changes the simulated strategy, and its behaviour changes.</summary>
public sealed class ParameterTests
{
    [Fact]
    public async Task Disabled_strategy_declines_everything_until_it_is_enabled_again()
    {
        await using var engine = SimulatorEngine.Start(new SimulatorEngineOptions { TransactionsPerSecond = 4_000 });
        await using var host = new Host(engine.Endpoint);
        await host.UntilAsync("acting", static seen => seen.Strategy is { Revision: 0, Submitted: > 0 });

        var off = await host.UpdateAsync("{\"enabled\":false}");
        Assert.Equal((ParameterState.Applied, 1UL), (off.State, off.Revision));
        await host.UntilAsync("disabled", static seen => seen.Strategy is { Revision: 1, Flags: StrategyFlags.None });
        var submitted = host.Seen.Strategy.Submitted;
        await host.UntilAsync("declining", static seen => seen.Declined >= 5);
        Assert.Equal(submitted, host.Seen.Strategy.Submitted);
        Assert.Contains("\"enabled\":false", host.Seen.Parameters, StringComparison.Ordinal);

        Assert.Equal(2UL, (await host.UpdateAsync("{\"enabled\":true}")).Revision);
        await host.UntilAsync("acting again", seen => seen.Strategy is { Revision: 2, Flags: StrategyFlags.Enabled } strategy && strategy.Submitted > submitted);
    }

    [Fact]
    public async Task Minimum_profit_is_what_opportunities_promise_at_least()
    {
        const long Minimum = 20_000_000;
        await using var engine = SimulatorEngine.Start(new SimulatorEngineOptions { TransactionsPerSecond = 4_000 });
        await using var host = new Host(engine.Endpoint);
        await host.UntilAsync("small profits", static seen => seen.SmallestNet is < Minimum);

        Assert.Equal(ParameterState.Applied, (await host.UpdateAsync($$"""{"minimumProfitLamports":{{Minimum}}}""")).State);
        await host.UntilAsync("in force", static seen => seen.Strategy.Revision == 1);
        host.Forget();
        await host.UntilAsync("large profits", static seen => seen.Opportunities >= 5);
        Assert.True(host.Seen.SmallestNet >= Minimum, $"{host.Seen.SmallestNet}");
    }

    [Theory]
    [InlineData("{\"enabled\":1}", "true or false")]
    [InlineData("{\"minimumProfitLamports\":0}", "from 1 to")]
    [InlineData("{\"minimumProfit\":5}", "there is no parameter 'minimumProfit'")]
    public async Task Bad_parameters_are_rejected_with_the_remedy(string json, string reason)
    {
        await using var engine = SimulatorEngine.Start(new SimulatorEngineOptions());
        await using var host = new Host(engine.Endpoint);

        var answer = await host.UpdateAsync(json);

        Assert.Equal((ParameterState.Rejected, 0UL), (answer.State, answer.Revision));
        Assert.Contains(reason, answer.Reason, StringComparison.Ordinal);
        Assert.Equal(ParameterState.Rejected, (await host.UpdateAsync("{}", strategy: 2)).State);
    }

    private sealed class Host : IRecordSink, IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly RecordSequencer _sequencer;
        private readonly EngineControl _control;
        private readonly Task _running;
        private volatile State _seen = new(default, "", 0, 0, null);

        public Host(string endpoint)
        {
            var lane = new SystemLane();
            var source = new EngineRecordSource(new EngineSourceOptions { Name = "engine", Endpoint = endpoint });
            _control = new EngineControl([source], lane);
            _sequencer = new RecordSequencer([this, _control], lane: lane);
            _running = source.RunAsync(_sequencer, _stop.Token);
        }

        public State Seen => _seen;

        public void Forget() => _seen = _seen with { Declined = 0, Opportunities = 0, SmallestNet = null };

        public Task<ParameterOutcome> UpdateAsync(string json, ushort strategy = 1) =>
            _control.UpdateParametersAsync(new ParameterRequest("engine", strategy, json, "test"), TestContext.Current.CancellationToken)
                .WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        public async Task UntilAsync(string what, Func<State, bool> condition)
        {
            for (var i = 0; i < 6_000 && !condition(_seen); i++)
            {
                await Task.Delay(10, TestContext.Current.CancellationToken);
            }

            Assert.True(condition(_seen), $"never {what}: {_seen}");
        }

        public ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default)
        {
            foreach (var record in batch)
            {
                if (StrategyView.TryRead(in record, out var strategy))
                {
                    _seen = _seen with { Strategy = strategy.Record, Parameters = Encoding.UTF8.GetString(strategy.Parameters) };
                }
                else if (OpportunityView.TryRead(in record, out var opportunity))
                {
                    var net = opportunity.Record.ExpectedProfitLamports - (long)opportunity.Record.ExpectedCostLamports;
                    _seen = _seen with { Opportunities = _seen.Opportunities + 1, SmallestNet = Math.Min(_seen.SmallestNet ?? long.MaxValue, net) };
                }
                else if (OutcomeView.TryRead(in record, out var outcome) && outcome.Record.Status == OutcomeStatus.Declined)
                {
                    _seen = _seen with { Declined = _seen.Declined + 1 };
                }
            }

            return ValueTask.CompletedTask;
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _running;
            await _control.DisposeAsync();
            await _sequencer.DisposeAsync();
            _stop.Dispose();
        }
    }

    private sealed record State(StrategyRecord Strategy, string Parameters, int Declined, int Opportunities, long? SmallestNet);
}
