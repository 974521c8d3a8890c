namespace Mev.Sdk.Solana;

/// <summary>What is wrong with bytes that should have been a transaction or its status meta.</summary>
public enum DecodeError
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The bytes end inside a field.</summary>
    Truncated,

    /// <summary>A compact-u16 length is longer than needed or over 65,535.</summary>
    LengthNotCanonical,

    /// <summary>The header's counts contradict each other or the key list.</summary>
    HeaderInconsistent,

    /// <summary>The number of signatures differs from the number the header requires.</summary>
    SignatureCountMismatch,

    /// <summary>An instruction names a key outside the transaction's key list.</summary>
    KeyIndexOutOfRange,

    /// <summary>The message has more than 256 keys, static and loaded together.</summary>
    TooManyKeys,

    /// <summary>A message version that this library does not read.</summary>
    UnsupportedVersion,

    /// <summary>Bytes follow the end of the transaction.</summary>
    TrailingBytes,

    /// <summary>The status meta is not the protobuf message it should be.</summary>
    MalformedProtobuf,

    /// <summary>A version-1 message beyond what its format allows: 4,096 bytes, 12 signatures, 64 keys, 64 instructions.</summary>
    LimitExceeded,

    /// <summary>A version-1 configuration mask with a bit this library does not know, or half of a two-bit field.</summary>
    UnsupportedConfig,
}
