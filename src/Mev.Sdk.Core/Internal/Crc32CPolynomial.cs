using System.Numerics;

namespace Mev.Sdk.Internal;

/// <summary>Powers of x modulo CRC-32C's polynomial, from which every constant of the fast ways is made.</summary>
/// <remarks>
/// <para>A message is a polynomial over GF(2), its first bit the highest power; its CRC is the remainder modulo P (RFC 3720 appendix B.4). Bits
/// are reflected: the least significant bit of a word is the highest power.</para>
/// <para>Carry-less multiplication of a reflected 64-bit word by a reflected 32-bit constant in the low half of another yields their
/// product times x^33 (32 for the empty half, 1 because the product of two 64-bit words has 127 bits). A constant that moves a word by n bits is therefore
/// x^(n-33) mod P. V. Gopal et al., "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ Instruction", Intel 2009.</para>
/// </remarks>
internal static class Crc32CPolynomial
{
    private const uint Reflected = 0x82F63B78;
    private const int ProductShift = 33;

    /// <summary>The constant that moves a word towards higher powers when a carry-less product with it is taken modulo P.</summary>
    /// <param name="bits">By how many bits; at least 33.</param>
    public static ulong ShiftBy(int bits)
    {
        // x^0 is the highest bit of a reflected word.
        var power = 1u << 31;
        for (var i = ProductShift; i < bits; i++)
        {
            power = (power >> 1) ^ ((power & 1) == 0 ? 0 : Reflected);
        }

        return power;
    }

    /// <summary>The remainder of 128 bits, the first of which are in <paramref name="first"/>, times x^32: what the CRC instruction does.</summary>
    public static uint Remainder(ulong first, ulong second) => BitOperations.Crc32C(BitOperations.Crc32C(0, first), second);
}
