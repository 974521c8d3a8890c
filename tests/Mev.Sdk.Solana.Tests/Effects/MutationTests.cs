using Mev.Sdk.Records;
using Mev.Sdk.Solana.Effects;
using Mev.Sdk.Solana.Json;
using Mev.Sdk.Solana.Meta;
using Mev.Sdk.Solana.Transactions;

namespace Mev.Sdk.Solana.Tests.Effects;

/// <summary>Real transactions with every byte changed: each is read or refused, and nothing else happens.</summary>
public sealed class MutationTests
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("MEV_LONG") == "1";

    private static IEnumerable<TransactionParts> Samples() =>
        RealData.Singles().Select(sample => TransactionRendering.ToWireAndMeta(sample.Root.GetProperty("raw"))).Take(IsLong ? 59 : 4);

    [Fact]
    public void Every_changed_byte_of_wire_or_meta_is_read_or_refused()
    {
        var effects = new TransactionEffects();
        var step = IsLong ? 1 : 5; // 5 and the lengths of fields share no divisor, so that every kind of byte is met
        foreach (var parts in Samples())
        {
            for (var at = 0; at < parts.Wire.Length + parts.Meta.Length; at += step)
            {
                foreach (var flip in (byte[])[0x01, 0x80, 0xFF])
                {
                    var (wire, meta) = ((byte[])parts.Wire.Clone(), (byte[])parts.Meta.Clone());
                    (at < wire.Length ? ref wire[at] : ref meta[at - wire.Length]) ^= flip;
                    Check(effects, wire, meta);
                }
            }
        }
    }

    [Fact]
    public void Every_truncation_is_read_or_refused()
    {
        var effects = new TransactionEffects();
        foreach (var parts in Samples())
        {
            for (var length = 0; length < parts.Meta.Length; length += IsLong ? 1 : 7)
            {
                Check(effects, parts.Wire, parts.Meta[..length]);
            }
        }
    }

    [Fact]
    public void A_meta_of_another_transaction_is_read_or_refused()
    {
        var effects = new TransactionEffects();
        var all = Samples().ToArray();
        foreach (var one in all)
        {
            foreach (var other in all)
            {
                Check(effects, one.Wire, other.Meta);
            }
        }
    }

    // The bytes stand right at the end of their memory, so that a read outside is an exception and not somebody else's data.
    private static void Check(TransactionEffects effects, byte[] wire, byte[] meta)
    {
        var outcome = effects.Read(wire, meta, out var error);
        Assert.Equal(outcome == EffectsOutcome.Refused, error is not null);
        if (outcome == EffectsOutcome.Refused)
        {
            Assert.True(effects.Swaps.IsEmpty && effects.Movements.IsEmpty && effects.Attempts.IsEmpty);
            return;
        }

        Assert.True(WireTransaction.TryParse(wire, out var transaction));
        Assert.True(StatusMeta.TryParse(meta, out _));
        Assert.Equal(wire, Rebuild.From(in transaction));
        foreach (ref readonly var swap in effects.Swaps)
        {
            Assert.NotEqual(swap.MintIn, swap.MintOut);
            Assert.True(Enum.IsDefined(swap.Venue));
        }
    }
}
