using Mev.Sdk.Features;
using Mev.Sdk.Features.Labels;
using Mev.Sdk.Models.Inference;
using Mev.Sdk.Models.Training;
using Mev.Sdk.Records;
using Mev.Sdk.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Mev.Sdk.Models.Tests;

public sealed class ServiceRegistrationTests
{
    [Fact]
    public async Task AddModels_sinks_are_record_sinks_and_find_an_appender_that_needs_them()
    {
        var services = new ServiceCollection();
        services.AddMevSdk().AddModels().AddModels();
        services.AddSingleton<SequencerLike>();
        services.AddSingleton<IRecordAppender>(static s => s.GetRequiredService<SequencerLike>());
        await using var provider = services.BuildServiceProvider();

        var sequencer = provider.GetRequiredService<SequencerLike>();
        Assert.Equal([typeof(InspectorSink), typeof(ScoringSink)], sequencer.Sinks.Select(static s => s.GetType()));
        provider.GetRequiredService<ScoringSink>().Use(ScoringModel.FromArtifact(Artifacts.Create()));
        foreach (var sink in sequencer.Sinks)
        {
            await sink.WriteAsync(new RecordStream().Add(Make.Transaction(1, 10)).AsBatch(), TestContext.Current.CancellationToken);
        }

        Assert.Single(sequencer.Appender.Frames);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public async Task AddModels_live_scoring_takes_votes_as_the_training_options_do(bool includeVotes, long scored)
    {
        var services = new ServiceCollection();
        services.AddMevSdk().AddModels(o => o.Set.IncludeVotes = includeVotes);
        services.AddSingleton<IRecordAppender>(new ListAppender());
        await using var provider = services.BuildServiceProvider();
        var sink = provider.GetRequiredService<ScoringSink>();
        sink.Use(ScoringModel.FromArtifact(Artifacts.Create()));

        var vote = Make.Transaction(1, 10, TransactionFlags.HasMeta | TransactionFlags.Vote);
        await sink.WriteAsync(new RecordStream().Add(vote).AsBatch(), TestContext.Current.CancellationToken);

        Assert.Equal((scored, 1), (sink.Scored, sink.Observed));
    }

    [Fact]
    public void AddModels_without_a_trainer_the_pipeline_says_what_is_missing()
    {
        var services = new ServiceCollection();
        services.AddMevSdk().AddFeatures(static o => o.MaxPools = 100).AddModels(static o => o.TrainShare = 0.5);
        using var provider = services.BuildServiceProvider();

        Assert.Contains(nameof(IModelTrainer), Assert.Throws<InvalidOperationException>(provider.GetRequiredService<ModelTrainingPipeline>).Message, StringComparison.Ordinal);
        Assert.NotSame(provider.GetRequiredService<FeatureEngine>(), provider.GetRequiredService<FeatureEngine>());
    }

    private sealed class SequencerLike(IEnumerable<IRecordSink> sinks) : IRecordAppender
    {
        public ListAppender Appender { get; } = new();

        public IRecordSink[] Sinks { get; } = [.. sinks];

        public bool TryAppend(ReadOnlySpan<byte> frame) => Appender.TryAppend(frame);
    }
}
