using System.Diagnostics.CodeAnalysis;
using Mev.Sdk;
using Mev.Sdk.Ingest;
using Mev.Sdk.Ingest.DependencyInjection;
using Mev.Sdk.Ingest.Views;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds views to a host: sinks that may be slow, and then miss records instead of slowing the stream.</summary>
public static class ViewServiceCollectionExtensions
{
    /// <summary>Shows a consumer the records through a <see cref="ViewSink"/> of its own; <see cref="IngestSnapshot.Views"/> says what it missed.</summary>
    /// <typeparam name="TView">The consumer, made once by the host unless it is registered already. Do not register it as an <see cref="IRecordSink"/> as well: it would see everything twice.</typeparam>
    /// <param name="builder">The host's builder.</param>
    /// <param name="configure">Sets its bounds; <c>Mev:Ingest:Views:NAME</c> does too, where that section is bound.</param>
    /// <param name="name">Its name in options, metrics and logs; that of the type when null.</param>
    /// <returns>The same builder. Calling it again for the same type only configures further.</returns>
    public static MevSdkBuilder AddView<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TView>(
        this MevSdkBuilder builder, Action<ViewOptions>? configure = null, string? name = null)
        where TView : class, IRecordSink
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddIngest();
        var services = builder.Services;
        var registered = services.Select(static service => service.ImplementationInstance as ViewRegistration).FirstOrDefault(static view => view?.Consumer == typeof(TView));
        if (registered is not null && name is not null && name != registered.Name)
        {
            throw new ArgumentException($"The view {typeof(TView).Name} is already registered as '{registered.Name}'; name it once.", nameof(name));
        }

        var view = registered ?? new ViewRegistration(name ?? typeof(TView).Name, typeof(TView));
        if (configure is not null)
        {
            services.Configure<IngestOptions>(options => configure(OptionsOf(options, view.Name)));
        }

        if (registered is null)
        {
            services.AddSingleton(view);
            services.TryAddSingleton<TView>();
            services.AddSingleton<IRecordSink>(provider => new ViewSink(
                provider.GetRequiredService<TView>(),
                provider.GetRequiredService<IOptions<IngestOptions>>().Value.Views.TryGetValue(view.Name, out var options) ? options : null,
                view.Name,
                provider.GetRequiredService<IngestMonitor>(),
                provider.GetService<ILogger<ViewSink>>(),
                provider.GetService<TimeProvider>()));
        }

        return builder;
    }

    private static ViewOptions OptionsOf(IngestOptions options, string name) =>
        options.Views.TryGetValue(name, out var found) ? found : options.Views[name] = new ViewOptions();
}
