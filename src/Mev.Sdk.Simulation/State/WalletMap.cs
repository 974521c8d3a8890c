namespace Mev.Sdk.Simulation.State;

/// <summary>Which wallets belong to whom: consecutive ranges of indices.</summary>
internal sealed class WalletMap(int traders)
{
    /// <summary>Rival searchers.</summary>
    public const int RivalCount = 6;

    /// <summary>Validators: leaders and voters.</summary>
    public const int ValidatorCount = 24;

    /// <summary>Jito's tip accounts.</summary>
    public const int TipAccountCount = 8;

    public int TraderCount { get; } = traders;

    /// <summary>The exchange and market maker that everybody else gets coins from; it owns the liquidity.</summary>
    public int House => TraderCount;

    /// <summary>The engine's own strategy.</summary>
    public int Strategy => TraderCount + 1;

    public int FirstRival => TraderCount + 2;

    public int FirstValidator => FirstRival + RivalCount;

    public int FirstTipAccount => FirstValidator + ValidatorCount;

    public int Count => FirstTipAccount + TipAccountCount;
}
