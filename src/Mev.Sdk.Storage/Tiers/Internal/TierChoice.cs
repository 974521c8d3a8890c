using Mev.Sdk.Storage.Queries;

namespace Mev.Sdk.Storage.Tiers.Internal;

/// <summary>Which of a host's stores are its tiers.</summary>
internal sealed class TierChoice
{
    private readonly TierCatalogueStore _catalogue;
    private readonly HashSet<string> _unused;

    /// <summary>Chooses by name, or takes what there is only one of.</summary>
    /// <param name="sources">Databases that rows can be moved out of.</param>
    /// <param name="targets">Where they can be moved to.</param>
    /// <param name="cold">The archive; null = nothing becomes cold.</param>
    /// <param name="catalogue">Which tier answers for what.</param>
    /// <param name="options">The names.</param>
    /// <exception cref="InvalidOperationException">There is none, or several and no name chooses; the message names the key and what there is.</exception>
    public TierChoice(IEnumerable<ITierSource> sources, IEnumerable<ITierTarget> targets, IColdTier? cold, TierCatalogueStore catalogue, TierMoverOptions options)
    {
        _catalogue = catalogue;
        Cold = cold;
        ITierTarget[] all = [.. targets.Distinct()];
        Source = Choose([.. sources.Distinct()], static source => source.Name, options.Source, nameof(options.Source), "UseDuckDb() or UsePostgres()");
        Target = Choose(all, static target => target.Name, options.Target, nameof(options.Target), "UseParquet() or UseClickHouseTier()");
        _unused = [.. all.Where(target => target != Target).Select(static target => target.Name)];
    }

    public ITierSource Source { get; }

    public ITierTarget Target { get; }

    public IColdTier? Cold { get; }

    /// <summary>Lets the tiers answer for what the catalogue gives them; a store that is none of them answers for what it says itself, and that of a target that was not chosen is not asked.</summary>
    public IEnumerable<IHistoryStore> Divide(IEnumerable<IHistoryStore> stores) => stores
        .Where(store => store.Tier != HistoryTier.Warm || !_unused.Contains(store.Name))
        .Select(store => ReferenceEquals(store, Source) || store.Tier == HistoryTier.Cold || (store.Tier == HistoryTier.Warm && store.Name == Target.Name)
            ? new TieredHistoryStore(store, _catalogue)
            : store);

    private static T Choose<T>(T[] all, Func<T, string> name, string wanted, string option, string verbs)
    {
        var key = $"Mev:Storage:Tiers:{option}";
        if (all.Length == 0)
        {
            throw new InvalidOperationException($"Tiers are used and there is nothing for {key}: call {verbs} before UseTiers().");
        }

        var names = string.Join(", ", all.Select(name));
        return wanted.Length > 0
            ? all.FirstOrDefault(one => name(one) == wanted) ?? throw new InvalidOperationException($"{key} is '{wanted}': set one of {names}.")
            : all.Length == 1 ? all[0] : throw new InvalidOperationException($"{key} is empty and there are {names}: set one of them.");
    }
}
