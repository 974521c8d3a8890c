using Mev.Sdk.Records;
using Mev.Sdk.Solana.Meta;

namespace Mev.Sdk.Solana.Tests.Meta;

public sealed class TransactionErrorTests
{
    public static IEnumerable<TransactionError> All()
    {
        foreach (var code in Enum.GetValues<TransactionErrorCode>().Where(c => c != TransactionErrorCode.None))
        {
            if (code == TransactionErrorCode.InstructionError)
            {
                foreach (var inner in Enum.GetValues<InstructionErrorCode>().Where(c => c != InstructionErrorCode.None))
                {
                    yield return TransactionError.Instruction(200, inner, inner == InstructionErrorCode.Custom ? 0xDEADBEEF : 0);
                }
            }
            else
            {
                yield return code switch
                {
                    TransactionErrorCode.DuplicateInstruction => new TransactionError(code, InstructionIndex: 3),
                    TransactionErrorCode.InsufficientFundsForRent or TransactionErrorCode.ProgramExecutionTemporarilyRestricted => new TransactionError(code, AccountIndex: 4),
                    _ => new TransactionError(code),
                };
            }
        }
    }

    [Fact]
    public void Every_variant_survives_and_every_truncation_is_refused()
    {
        Span<byte> bytes = stackalloc byte[TransactionError.MaxBytes];
        foreach (var error in All())
        {
            var length = error.Encode(bytes);
            Assert.True(TransactionError.TryDecode(bytes[..length], out var decoded));
            Assert.Equal(error, decoded);
            for (var cut = 0; cut < length; cut++)
            {
                // The text of BorshIoError is not read, so cutting it off is not noticed.
                Assert.True(!TransactionError.TryDecode(bytes[..cut], out _) || error.InstructionCode == InstructionErrorCode.BorshIoError, $"{error} at {cut}");
            }
        }
    }

    [Fact]
    public void Known_bytes_are_read_as_solana_wrote_them()
    {
        // bincode of TransactionError::InstructionError(2, InstructionError::Custom(6001)).
        Assert.True(TransactionError.TryDecode([8, 0, 0, 0, 2, 25, 0, 0, 0, 0x71, 0x17, 0, 0], out var error));
        Assert.Equal(TransactionError.Instruction(2, InstructionErrorCode.Custom, 6001), error);
        // InstructionError(0, BorshIoError("Unknown")) and a variant of a later cluster.
        Assert.True(TransactionError.TryDecode([8, 0, 0, 0, 0, 44, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, .. "Unknown"u8], out error));
        Assert.Equal(InstructionErrorCode.BorshIoError, error.InstructionCode);
        Assert.True(TransactionError.TryDecode([200, 0, 0, 0], out error));
        Assert.Equal(TransactionErrorCode.Other, error.Code);
    }

    [Fact]
    public void No_error_is_no_bytes_and_an_instruction_error_needs_its_kind()
    {
        Assert.Equal(0, default(TransactionError).Encode([]));
        Assert.Throws<InvalidOperationException>(() => new TransactionError(TransactionErrorCode.InstructionError).Encode(new byte[TransactionError.MaxBytes]));
    }

    [Fact]
    public void An_error_message_without_bytes_is_an_error_of_no_known_kind()
    {
        Assert.True(StatusMeta.TryParse([0x0A, 0x00], out var meta));
        Assert.Equal(TransactionErrorCode.Other, meta.Error.Code);
    }
}
