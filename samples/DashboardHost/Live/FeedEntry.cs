using Mev.Sdk.Records;

namespace Mev.Sdk.DashboardHost.Live;

/// <summary>What the feed keeps of one transaction: values only, so that a ring of them costs no garbage.</summary>
internal struct FeedEntry
{
    /// <summary>Position in the feed, from 1; assigned by the ring.</summary>
    public long Number;

    public Lsn Lsn;
    public Signature Signature;
    public ulong Slot;

    /// <summary>When it was seen, milliseconds since the Unix epoch: the engine's clock, or the host's when the engine stated none.</summary>
    public long TimeMilliseconds;

    /// <summary>When the host got it, by <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public long ReceivedTimestamp;

    public ulong FeeLamports;
    public ulong TipLamports;
    public uint ComputeUnits;
    public TransactionFlags Flags;
    public Pubkey Payer;
    public int SwapCount;

    /// <summary>Every leg's venue and pair, for filters.</summary>
    public LegSet Legs;

    /// <summary>Programs called, for filters.</summary>
    public ProgramSet Programs;

    public VenueId Venue;
    public Pubkey MintIn;
    public Pubkey MintOut;
    public ulong AmountIn;
    public ulong AmountOut;
    public byte DecimalsIn;
    public byte DecimalsOut;

    /// <summary>Probability from the model; NaN = not scored (yet).</summary>
    public float Score;

    public static FeedEntry From(in TransactionView view, ulong engineTimeNanoseconds, DateTimeOffset now, long timestamp)
    {
        ref readonly var record = ref view.Record;
        var entry = new FeedEntry
        {
            Lsn = view.Lsn,
            Signature = record.Signature,
            Slot = record.Slot,
            TimeMilliseconds = engineTimeNanoseconds == 0 ? now.ToUnixTimeMilliseconds() : (long)(engineTimeNanoseconds / 1_000_000),
            ReceivedTimestamp = timestamp,
            FeeLamports = record.FeeLamports,
            TipLamports = record.TipLamports,
            ComputeUnits = record.ComputeUnitsConsumed,
            Flags = record.Flags,
            Payer = record.Payer,
            SwapCount = view.Swaps.Length,
            Legs = LegSet.From(view.Swaps),
            Programs = ProgramSet.From(view.Wire, view.Meta),
            Score = float.NaN,
        };

        if (view.Swaps.Length > 0)
        {
            // The pair is the whole route: what the first leg took and the last one gave.
            ref readonly var first = ref view.Swaps[0];
            ref readonly var last = ref view.Swaps[^1];
            entry.Venue = first.Venue;
            entry.MintIn = first.MintIn;
            entry.AmountIn = first.AmountIn;
            entry.DecimalsIn = first.DecimalsIn;
            entry.MintOut = last.MintOut;
            entry.AmountOut = last.AmountOut;
            entry.DecimalsOut = last.DecimalsOut;
        }

        return entry;
    }
}
