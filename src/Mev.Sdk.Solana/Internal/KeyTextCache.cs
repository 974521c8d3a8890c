using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mev.Sdk.Solana.Internal;

/// <summary>Keys by their text: status meta names mints and owners in base58, the same few hundred again and again.</summary>
/// <remarks>Direct-mapped: a text that falls on another's place takes it. Not thread-safe.</remarks>
internal sealed class KeyTextCache
{
    private const int Bits = 11;
    private const int MinText = 32; // characters of the shortest key's text

    private readonly Entry[] _entries = new Entry[1 << Bits];

    /// <summary>The key that a text stands for; zero when it is no key.</summary>
    public Pubkey Get(ReadOnlySpan<byte> text)
    {
        if (text.Length is < MinText or > Pubkey.MaxTextLength)
        {
            return default;
        }

        ref var start = ref MemoryMarshal.GetReference(text);
        var hash = (Unsafe.ReadUnaligned<ulong>(ref start) ^ Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, text.Length - sizeof(ulong)))) * 0x9E37_79B9_7F4A_7C15;
        ref var entry = ref _entries[hash >> (64 - Bits)];
        if (!text.SequenceEqual(((ReadOnlySpan<byte>)entry.Text)[..entry.Length]))
        {
            entry.Key = Pubkey.TryParse(text, out var key) ? key : default;
            entry.Length = text.Length;
            text.CopyTo(entry.Text);
        }

        return entry.Key;
    }

    private struct Entry
    {
        public int Length;
        public TextBytes Text;
        public Pubkey Key;
    }

    [InlineArray(Pubkey.MaxTextLength)]
    private struct TextBytes
    {
        private byte _first;
    }
}
