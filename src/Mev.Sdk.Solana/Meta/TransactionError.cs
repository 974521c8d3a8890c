using System.Buffers.Binary;
using Mev.Sdk.Records;

namespace Mev.Sdk.Solana.Meta;

/// <summary>Why a transaction failed: Solana's <c>TransactionError</c> with what its variants carry.</summary>
/// <remarks>
/// In status meta it is bincode: a u32 variant index, then the variant's fields. Source: <c>TransactionError</c> and <c>InstructionError</c> of
/// the Solana SDK. A variant that this library does not know reads as <see cref="TransactionErrorCode.Other"/>.
/// </remarks>
/// <param name="Code">Which error; <see cref="TransactionErrorCode.None"/> = it did not fail.</param>
/// <param name="InstructionIndex">The outer instruction that failed, or that is a duplicate, from 0.</param>
/// <param name="InstructionCode">Which instruction error.</param>
/// <param name="CustomCode">The program's own code.</param>
/// <param name="AccountIndex">The account that lacks rent, or whose program is restricted.</param>
public readonly record struct TransactionError(
    TransactionErrorCode Code,
    byte InstructionIndex = 0,
    InstructionErrorCode InstructionCode = InstructionErrorCode.None,
    uint CustomCode = 0,
    byte AccountIndex = 0)
{
    /// <summary>Bytes that always suffice for <see cref="Encode"/>.</summary>
    public const int MaxBytes = 24;

    private const int LastKnown = (int)TransactionErrorCode.CommitCancelled;
    private const int LastKnownInstruction = (int)InstructionErrorCode.BuiltinProgramsMustConsumeComputeUnits;

    /// <summary>An instruction's error.</summary>
    /// <param name="instruction">The outer instruction that failed, from 0.</param>
    /// <param name="code">Which error.</param>
    /// <param name="customCode">The program's own code, for <see cref="InstructionErrorCode.Custom"/>.</param>
    /// <returns>The error.</returns>
    public static TransactionError Instruction(byte instruction, InstructionErrorCode code, uint customCode = 0) =>
        new(TransactionErrorCode.InstructionError, instruction, code, customCode);

    /// <summary>Reads the bincode form.</summary>
    /// <param name="bincode">The bytes of the meta's <c>err</c>.</param>
    /// <param name="error">The error.</param>
    /// <returns>False when the bytes end inside it; bytes behind a known variant are ignored.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> bincode, out TransactionError error)
    {
        error = default;
        if (bincode.Length < sizeof(uint))
        {
            return false;
        }

        var variant = BinaryPrimitives.ReadUInt32LittleEndian(bincode);
        var code = variant < LastKnown ? (TransactionErrorCode)(variant + 1) : TransactionErrorCode.Other;
        var rest = bincode[sizeof(uint)..];
        switch (code)
        {
            case TransactionErrorCode.InstructionError:
                return TryDecodeInstruction(rest, out error);
            case TransactionErrorCode.DuplicateInstruction:
                error = new TransactionError(code, InstructionIndex: rest.IsEmpty ? (byte)0 : rest[0]);
                return !rest.IsEmpty;
            case TransactionErrorCode.InsufficientFundsForRent or TransactionErrorCode.ProgramExecutionTemporarilyRestricted:
                error = new TransactionError(code, AccountIndex: rest.IsEmpty ? (byte)0 : rest[0]);
                return !rest.IsEmpty;
            default:
                error = new TransactionError(code);
                return true;
        }
    }

    /// <summary>Writes the bincode form.</summary>
    /// <param name="destination">At least <see cref="MaxBytes"/> bytes.</param>
    /// <returns>Bytes written; 0 when there is no error.</returns>
    /// <remarks>
    /// <see cref="TransactionErrorCode.Other"/> and <see cref="InstructionErrorCode.Other"/> are written as variant 65,533, which no
    /// cluster uses. <c>BorshIoError</c> is written with an empty text.
    /// </remarks>
    public int Encode(Span<byte> destination)
    {
        if (Code == TransactionErrorCode.None)
        {
            return 0;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(destination, (uint)Code - 1);
        var rest = destination[sizeof(uint)..];
        switch (Code)
        {
            case TransactionErrorCode.InstructionError:
                rest[0] = InstructionIndex;
                return sizeof(uint) + 1 + EncodeInstruction(rest[1..]);
            case TransactionErrorCode.DuplicateInstruction:
                rest[0] = InstructionIndex;
                return sizeof(uint) + 1;
            case TransactionErrorCode.InsufficientFundsForRent or TransactionErrorCode.ProgramExecutionTemporarilyRestricted:
                rest[0] = AccountIndex;
                return sizeof(uint) + 1;
            default:
                return sizeof(uint);
        }
    }

    private static bool TryDecodeInstruction(ReadOnlySpan<byte> bytes, out TransactionError error)
    {
        error = default;
        if (bytes.Length < 1 + sizeof(uint))
        {
            return false;
        }

        var variant = BinaryPrimitives.ReadUInt32LittleEndian(bytes[1..]);
        var code = variant < LastKnownInstruction ? (InstructionErrorCode)(variant + 1) : InstructionErrorCode.Other;
        var rest = bytes[(1 + sizeof(uint))..];
        uint custom = 0;
        if (code == InstructionErrorCode.Custom && !BinaryPrimitives.TryReadUInt32LittleEndian(rest, out custom))
        {
            return false;
        }

        error = Instruction(bytes[0], code, custom);
        return true;
    }

    private int EncodeInstruction(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, (uint)InstructionCode - 1);
        var rest = destination[sizeof(uint)..];
        switch (InstructionCode)
        {
            case InstructionErrorCode.None:
                throw new InvalidOperationException("An instruction's error needs its InstructionCode.");
            case InstructionErrorCode.Custom:
                BinaryPrimitives.WriteUInt32LittleEndian(rest, CustomCode);
                return 2 * sizeof(uint);
            case InstructionErrorCode.BorshIoError:
                BinaryPrimitives.WriteUInt64LittleEndian(rest, 0); // its text's length
                return sizeof(uint) + sizeof(ulong);
            default:
                return sizeof(uint);
        }
    }
}
