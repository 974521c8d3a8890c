namespace Mev.Sdk.Storage.Archive.Transactions;

/// <summary>Base58 of keys, remembered: the same few appear in every log and token balance.</summary>
internal sealed class KeyTexts
{
    private const int Bits = 12;
    private const int Width = 48; // 44 characters, and their number in the last byte

    private readonly Pubkey[] _keys = new Pubkey[1 << Bits];
    private readonly byte[] _texts = new byte[Width << Bits];

    /// <summary>The key as text; valid until the next call.</summary>
    public ReadOnlySpan<byte> Of(in Pubkey key)
    {
        var at = (int)((System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(Pubkey.AsSpan(in key)) * 0x9E3779B97F4A7C15UL) >> (64 - Bits));
        var text = _texts.AsSpan(at * Width, Width);
        if (text[Width - 1] == 0 || _keys[at] != key)
        {
            _keys[at] = key;
            text[Width - 1] = (byte)Base58.Encode32(Pubkey.AsSpan(in key), text);
        }

        return text[..text[Width - 1]];
    }
}
