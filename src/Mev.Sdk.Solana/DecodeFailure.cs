using System.Globalization;

namespace Mev.Sdk.Solana;

/// <summary>Why bytes were refused, and where.</summary>
/// <param name="Error">What is wrong.</param>
/// <param name="Position">Offset of the field that is wrong, bytes from the start.</param>
/// <param name="Detail">The offending number (a version, an index, a count); 0 when there is none.</param>
public readonly record struct DecodeFailure(DecodeError Error, int Position, int Detail = 0)
{
    /// <summary>A sentence for a person.</summary>
    /// <returns>What, where.</returns>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"byte {Position}: {Describe()}");

    private string Describe() => Error switch
    {
        DecodeError.None => "nothing is wrong",
        DecodeError.Truncated => "the bytes end inside a field",
        DecodeError.LengthNotCanonical => "a compact-u16 length is longer than needed or over 65535",
        DecodeError.HeaderInconsistent => "the header's counts contradict each other or the key list",
        DecodeError.SignatureCountMismatch => string.Create(CultureInfo.InvariantCulture, $"the header requires {Detail} signatures, the transaction carries another number"),
        DecodeError.KeyIndexOutOfRange => string.Create(CultureInfo.InvariantCulture, $"an instruction names key {Detail}, which is outside the key list"),
        DecodeError.TooManyKeys => string.Create(CultureInfo.InvariantCulture, $"{Detail} keys are more than an index of one byte can name"),
        DecodeError.UnsupportedVersion => string.Create(CultureInfo.InvariantCulture, $"message version {Detail} is not supported; legacy, version 0 and version 1 are"),
        DecodeError.TrailingBytes => string.Create(CultureInfo.InvariantCulture, $"{Detail} bytes follow the end of the transaction"),
        DecodeError.LimitExceeded => string.Create(CultureInfo.InvariantCulture, $"{Detail} is beyond what a version-1 message may have (4096 bytes, 12 signatures, 64 keys, 64 instructions)"),
        DecodeError.UnsupportedConfig => string.Create(CultureInfo.InvariantCulture, $"the configuration mask 0x{Detail:x} of a version-1 message has bits that are not known, or half of a field"),
        _ => "the status meta is not a TransactionStatusMeta protobuf message",
    };
}
