namespace Mev.Sdk.Solana.Json;

/// <summary>A rendered transaction taken apart.</summary>
/// <param name="Wire">The transaction's bytes.</param>
/// <param name="Meta">Its status meta as ConfirmedBlock protobuf; empty when the rendering has none.</param>
/// <param name="Residual">What the rendering said beyond both, for <see cref="TransactionRendering.Render"/>; empty when that is nothing.</param>
/// <param name="Encoding">How it was rendered.</param>
/// <param name="IsComplete">
/// False when a node's rendering of some instruction does not tell its data: <paramref name="Wire"/> then has that instruction without accounts and data, serves to decode
/// from and is not what the network carried; <paramref name="Residual"/> still holds all that the rendering said.
/// </param>
public sealed record TransactionParts(byte[] Wire, byte[] Meta, byte[] Residual, RenderEncoding Encoding, bool IsComplete);
