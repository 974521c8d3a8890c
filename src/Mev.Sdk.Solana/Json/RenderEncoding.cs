namespace Mev.Sdk.Solana.Json;

/// <summary>How JSON-RPC renders a transaction: the values of <c>encoding</c> that nodes offer.</summary>
public enum RenderEncoding : byte
{
    /// <summary><c>json</c>: keys, indices and data as text.</summary>
    Json = 0,

    /// <summary><c>jsonParsed</c>: instructions of well-known programs spelled out.</summary>
    JsonParsed = 1,

    /// <summary><c>base64</c>: the wire bytes as a pair of text and "base64".</summary>
    Base64 = 2,

    /// <summary><c>base58</c>: the wire bytes as a pair of text and "base58".</summary>
    Base58 = 3,
}
