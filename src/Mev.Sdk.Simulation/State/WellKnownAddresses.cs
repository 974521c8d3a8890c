namespace Mev.Sdk.Simulation.State;

/// <summary>Accounts of the real chain that only the market's instructions name.</summary>
internal static class WellKnownAddresses
{
    public static readonly Pubkey RaydiumV4Authority = Pubkey.Parse("5Q544fKrFoe6tsEbD7S8EmxGTJYAKtTVhAW5Q5pge4j1");
    public static readonly Pubkey OpenBook = Pubkey.Parse("srmqPvymJeFKQ4zGQed1GFppgkRHL9kaELCbyksJtPX");
    public static readonly Pubkey PumpSwapConfiguration = Pubkey.Parse("ADyA8hdefvWN2dbGGWFotbzWxrAvLW83WG6QCVXvJKqw");
    public static readonly Pubkey PumpSwapEventAuthority = Pubkey.Parse("GS4CU59F31iL7aR2Q8zVS8DRrcRnXX1yjQ66TqNVQnaR");
}
