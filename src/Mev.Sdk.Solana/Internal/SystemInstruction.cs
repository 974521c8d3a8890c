using System.Buffers.Binary;

namespace Mev.Sdk.Solana.Internal;

/// <summary>Instructions of the system program that move lamports.</summary>
/// <remarks>Source: <c>SystemInstruction</c> of the Solana SDK, bincode: u32 variant, then fields.</remarks>
internal static class SystemInstruction
{
    public const uint Transfer = 2;
    public const uint TransferWithSeed = 11;

    /// <summary>Reads a transfer.</summary>
    /// <returns>False for any other instruction.</returns>
    public static bool TryTransfer(ReadOnlySpan<byte> accounts, ReadOnlySpan<byte> data, out byte from, out byte to, out ulong lamports)
    {
        from = to = 0;
        lamports = 0;
        if (data.Length < sizeof(uint) + sizeof(ulong))
        {
            return false;
        }

        var variant = BinaryPrimitives.ReadUInt32LittleEndian(data);
        var destination = variant switch { Transfer => 1, TransferWithSeed => 2, _ => int.MaxValue };
        if (destination >= accounts.Length)
        {
            return false;
        }

        from = accounts[0];
        to = accounts[destination];
        lamports = BinaryPrimitives.ReadUInt64LittleEndian(data[sizeof(uint)..]);
        return true;
    }
}
