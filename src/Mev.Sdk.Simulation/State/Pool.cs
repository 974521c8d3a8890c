using Mev.Sdk.Records;
using Mev.Sdk.Simulation.Maths;

namespace Mev.Sdk.Simulation.State;

/// <summary>A constant-product pool of one token against SOL.</summary>
internal sealed class Pool(int index, Token token, VenueId venue, uint feeMillionths, Pubkey[] accounts, byte tableOffset)
{
    /// <summary>Position in <see cref="MarketState.Pools"/>.</summary>
    public int Index { get; } = index;

    public Token Token { get; } = token;

    public VenueId Venue { get; } = venue;

    public uint FeeMillionths { get; } = feeMillionths;

    /// <summary>Position of the pool's own address in <see cref="Accounts"/>.</summary>
    public const int AddressAt = 0;

    /// <summary>Position of the vault of wrapped SOL in <see cref="Accounts"/>.</summary>
    public const int SolVaultAt = 1;

    /// <summary>Position of the vault of tokens in <see cref="Accounts"/>.</summary>
    public const int TokenVaultAt = 2;

    /// <summary>Position of the first further account that the venue's instructions name.</summary>
    public const int VenueAccountsAt = 3;

    /// <summary>The pool, its two vaults, and further accounts in the order its venue's encoder expects.</summary>
    public Pubkey[] Accounts { get; } = accounts;

    /// <summary>Where <see cref="Accounts"/> begin in the token's address lookup table.</summary>
    public byte TableOffset { get; } = tableOffset;

    public Pubkey Address => Accounts[AddressAt];

    /// <summary>Lamports of wrapped SOL in the pool.</summary>
    public ulong ReserveSol { get; set; }

    /// <summary>Base units of the token in the pool.</summary>
    public ulong ReserveToken { get; set; }

    /// <summary>Shares of liquidity outstanding; swaps never change them, so reserves per share never fall.</summary>
    public ulong Shares { get; set; }

    /// <summary>The product of reserves it was opened with.</summary>
    public UInt128 OpeningProduct { get; set; }

    public UInt128 Product => Math.BigMul(ReserveSol, ReserveToken);

    public ulong Price => ConstantProduct.Price(ReserveSol, ReserveToken);

    public ulong ReserveIn(bool buy) => buy ? ReserveSol : ReserveToken;

    public ulong ReserveOut(bool buy) => buy ? ReserveToken : ReserveSol;

    /// <summary>What an exact amount in would give now.</summary>
    public ulong Quote(bool buy, ulong amountIn) => ConstantProduct.AmountOut(amountIn, ReserveIn(buy), ReserveOut(buy), FeeMillionths);

    /// <summary>What an exact amount out would take now, or null.</summary>
    public ulong? QuoteExactOut(bool buy, ulong amountOut) => ConstantProduct.AmountIn(amountOut, ReserveIn(buy), ReserveOut(buy), FeeMillionths);

    /// <summary>Moves the reserves by a swap.</summary>
    public void Apply(bool buy, ulong amountIn, ulong amountOut)
    {
        if (buy)
        {
            ReserveSol = checked(ReserveSol + amountIn);
            ReserveToken = checked(ReserveToken - amountOut);
        }
        else
        {
            ReserveToken = checked(ReserveToken + amountIn);
            ReserveSol = checked(ReserveSol - amountOut);
        }
    }
}
