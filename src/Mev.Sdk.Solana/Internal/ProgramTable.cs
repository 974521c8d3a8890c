using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Mev.Sdk.Solana.Addresses;
using Mev.Sdk.Solana.Venues;

namespace Mev.Sdk.Solana.Internal;

/// <summary>Finds what is known about a program by its address: open addressing, so that a look-up is one multiplication and mostly one comparison.</summary>
internal static class ProgramTable
{
    private const int Bits = 9; // several times the programs known
    private const int Mask = (1 << Bits) - 1;

    private static readonly Pubkey[] Keys = new Pubkey[1 << Bits];
    private static readonly ProgramEntry?[] Entries = Fill(Keys);

    public static ProgramEntry Find(in Pubkey program)
    {
        for (var slot = Slot(in program); ; slot = (slot + 1) & Mask)
        {
            if (Entries[slot] is not { } entry)
            {
                return ProgramEntry.Unknown;
            }

            if (Keys[slot] == program)
            {
                return entry;
            }
        }
    }

    // Addresses of programs are random but for vanity at the front, so the middle of the key is taken.
    private static int Slot(in Pubkey program)
    {
        ref var bytes = ref MemoryMarshal.GetReference(Pubkey.AsSpan(in program));
        var middle = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref bytes, 16)) ^ Unsafe.ReadUnaligned<ulong>(ref bytes);
        return (int)((middle * 0x9E37_79B9_7F4A_7C15) >> (64 - Bits));
    }

    private static ProgramEntry?[] Fill(Pubkey[] keys)
    {
        var entries = new ProgramEntry?[1 << Bits];
        Add(KnownPrograms.System, new ProgramEntry(ProgramKind.System));
        Add(KnownPrograms.Vote, new ProgramEntry(ProgramKind.Vote));
        Add(KnownPrograms.ComputeBudget, new ProgramEntry(ProgramKind.ComputeBudget));
        Add(KnownPrograms.Token, new ProgramEntry(ProgramKind.Token));
        Add(KnownPrograms.Token2022, new ProgramEntry(ProgramKind.Token));
        Add(KnownPrograms.AssociatedToken, new ProgramEntry(ProgramKind.AssociatedToken));
        Add(KnownPrograms.Memo, new ProgramEntry(ProgramKind.Memo));
        Add(KnownPrograms.MemoV1, new ProgramEntry(ProgramKind.Memo));
        foreach (ref readonly var program in Aggregators.Programs)
        {
            Add(program, new ProgramEntry(ProgramKind.Aggregator));
        }

        foreach (ref readonly var program in NftMarkets.Programs)
        {
            Add(program, new ProgramEntry(ProgramKind.NftMarket));
        }

        foreach (var venue in VenueCatalog.All)
        {
            foreach (var program in venue.Programs)
            {
                Add(program, new ProgramEntry(ProgramKind.Venue, Venue: venue));
            }
        }

        foreach (var lending in LendingCatalog.All)
        {
            Add(lending.Program, new ProgramEntry(ProgramKind.Lending, Lending: lending));
        }

        return entries;

        void Add(Pubkey program, ProgramEntry entry)
        {
            var slot = Slot(in program);
            while (entries[slot] is not null)
            {
                slot = (slot + 1) & Mask;
            }

            (keys[slot], entries[slot]) = (program, entry);
        }
    }
}
