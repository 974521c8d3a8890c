using Mev.Sdk.Records;

namespace Mev.Sdk.Ingest.Solana.Yellowstone;

/// <summary>Something that a stream should have brought and did not.</summary>
/// <param name="First">First slot.</param>
/// <param name="Last">Last slot.</param>
/// <param name="Cause">Why, as a code.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="Unreadable">It came, and cannot be read: no use asking again.</param>
internal readonly record struct SlotHole(ulong First, ulong Last, GapCause Cause, string Reason, bool Unreadable = false);
