using Mev.Sdk;
using Mev.Sdk.Features;
using Mev.Sdk.Features.Labels;
using Mev.Sdk.Features.Sets;
using Mev.Sdk.Models.Inference;
using Mev.Sdk.Models.Training;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds models to a host.</summary>
public static class ModelsServiceCollectionExtensions
{
    /// <summary>Adds scoring and inspection of the live stream, and the training pipeline; bind its options to <c>Mev:Models</c>.</summary>
    /// <param name="builder">The host's builder.</param>
    /// <param name="configure">Changes how models are trained; null = the defaults.</param>
    /// <returns>The builder. Safe to call more than once.</returns>
    /// <remarks>
    /// <see cref="ScoringSink"/> and <see cref="InspectorSink"/> are registered as themselves and as <see cref="IRecordSink"/>; they need an
    /// <see cref="IRecordAppender"/>, which ingest brings. Every registered <see cref="IScoreObserver"/> hears of scores. The sink scores
    /// what the pipeline takes as rows (<c>Mev:Models:Set:IncludeVotes</c>); <see cref="ScoringSink.WarmUpAsync"/> is the host's to call, before its sources start.
    /// The pipeline needs an <see cref="IModelTrainer"/>, such as <c>AddLightGbm</c> brings.
    /// </remarks>
    public static MevSdkBuilder AddModels(this MevSdkBuilder builder, Action<ModelTrainingOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddFeatures();
        var services = builder.Services;
        var options = services.AddOptions<ModelTrainingOptions>();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        if (services.Any(static s => s.ServiceType == typeof(ScoringSink)))
        {
            return builder;
        }

        services.AddSingleton(static s => new ScoringSink(
            s.GetRequiredService<FeatureEngine>(), new DeferredAppender(s), s.GetRequiredService<TimeProvider>(), s.GetServices<IScoreObserver>(),
            new RowFilter(s.GetRequiredService<IOptions<ModelTrainingOptions>>().Value.Set)));
        services.AddSingleton(static s => new InspectorSink(new DeferredAppender(s)));
        services.AddSingleton<IRecordSink>(static s => s.GetRequiredService<InspectorSink>());
        services.AddSingleton<IRecordSink>(static s => s.GetRequiredService<ScoringSink>());
        services.TryAddSingleton(static s => new ModelTrainingPipeline(
            s.GetRequiredService<IModelTrainer>(),
            s.GetRequiredService<TimeProvider>(),
            s.GetRequiredService<IOptions<ModelTrainingOptions>>().Value,
            s.GetRequiredService<IOptions<FeatureEngineOptions>>().Value));
        return builder;
    }
}
