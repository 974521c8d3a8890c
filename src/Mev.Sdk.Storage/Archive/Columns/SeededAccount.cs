using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Mev.Sdk.Storage.Archive.Columns;

/// <summary>The system program's CreateAccountWithSeed: tag 4 B, base 32 B, seed as length 8 B and text, lamports 8 B, space 8 B, owner 32 B.</summary>
internal readonly ref struct SeededAccount
{
    private const int Tag = 3;
    private const int BaseAt = 4;
    private const int SeedAt = BaseAt + Pubkey.Size + sizeof(ulong);

    /// <summary>Longest seed that the runtime takes.</summary>
    private const int MaxSeed = 32;

    private SeededAccount(ReadOnlySpan<byte> data, int seedLength)
    {
        Base = data.Slice(BaseAt, Pubkey.Size);
        Seed = data.Slice(SeedAt, seedLength);
        Lamports = BinaryPrimitives.ReadInt64LittleEndian(data[(SeedAt + seedLength)..]);
        Owner = data.Slice(SeedAt + seedLength + (2 * sizeof(ulong)), Pubkey.Size);
    }

    public ReadOnlySpan<byte> Base { get; }

    public ReadOnlySpan<byte> Seed { get; }

    public ReadOnlySpan<byte> Owner { get; }

    public long Lamports { get; }

    public static bool TryRead(ReadOnlySpan<byte> data, out SeededAccount account)
    {
        account = default;
        if (data.Length < SeedAt + (2 * sizeof(ulong)) + Pubkey.Size || BinaryPrimitives.ReadInt32LittleEndian(data) != Tag)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt64LittleEndian(data[(SeedAt - sizeof(ulong))..]);
        if (length > MaxSeed || data.Length != SeedAt + (int)length + (2 * sizeof(ulong)) + Pubkey.Size)
        {
            return false;
        }

        account = new SeededAccount(data, (int)length);
        return true;
    }

    /// <summary>The account's key: SHA-256 of base, seed and owner. Source: <c>Pubkey::create_with_seed</c> of the Solana SDK.</summary>
    public void Derive(Span<byte> key)
    {
        Span<byte> input = stackalloc byte[Pubkey.Size + MaxSeed + Pubkey.Size];
        Base.CopyTo(input);
        Seed.CopyTo(input[Pubkey.Size..]);
        Owner.CopyTo(input[(Pubkey.Size + Seed.Length)..]);
        SHA256.HashData(input[..(Pubkey.Size + Seed.Length + Pubkey.Size)], key);
    }
}
