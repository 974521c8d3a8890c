using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Mev.Sdk.Ingest.Solana.Internal;

/// <summary>Remembers what base58 texts of keys decode to: the same few thousand keys make up nearly all of a block.</summary>
/// <remarks>Direct-mapped, so a lookup is one comparison and memory is bounded (about 900 KiB). Exact: the whole text is compared. Not thread-safe.</remarks>
internal sealed class KeyTexts
{
    private const int Slots = 8192;
    private const int MinText = 32;
    private const int MaxText = 44;

    private readonly Entry[] _entries = new Entry[Slots];

    /// <summary>Decodes a key's text.</summary>
    public bool TryGet(ReadOnlySpan<byte> text, out Pubkey key)
    {
        if (text.Length is < MinText or > MaxText)
        {
            key = default;
            return false;
        }

        var hash = (MemoryMarshal.Read<ulong>(text) * 0x9E37_79B9_7F4A_7C15) ^ MemoryMarshal.Read<ulong>(text[^8..]);
        ref var entry = ref _entries[(int)((hash * 0xC2B2_AE3D_27D4_EB4F) >> (64 - BitOperations.Log2(Slots)))];
        if (entry.Length == text.Length && Same(text, entry.Text))
        {
            key = entry.Key;
            return true;
        }

        if (!Pubkey.TryParse(text, out key))
        {
            return false;
        }

        text.CopyTo(entry.Text);
        entry.Length = text.Length;
        entry.Key = key;
        return true;
    }

    // Two overlapping vectors cover any length from 32 to 44.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Same(ReadOnlySpan<byte> text, ReadOnlySpan<byte> known) =>
        Vector256.Create(text) == Vector256.Create(known)
        && Vector128.Create(text[^Vector128<byte>.Count..]) == Vector128.Create(known.Slice(text.Length - Vector128<byte>.Count));

    private struct Entry
    {
        public KeyText Text;
        public int Length;
        public Pubkey Key;
    }

    [InlineArray(MaxText)]
    private struct KeyText
    {
        private byte _first;
    }
}
