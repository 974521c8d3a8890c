namespace Mev.Sdk.Ingest.Solana.Blocks;

/// <summary>Where a frame stands in a buffer, and which transaction it is.</summary>
/// <param name="Offset">First byte.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Key">The transaction, see <see cref="SignatureKey"/>.</param>
internal readonly record struct FrameSlice(int Offset, int Length, UInt128 Key);
