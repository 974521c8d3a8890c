namespace Mev.Sdk.Benchmarks.Children;

/// <summary>What the journal's process measured.</summary>
/// <param name="Ours">Frame bytes a second into the journal.</param>
/// <param name="Peer">The same through LZ4 into a file.</param>
/// <param name="RawBytes">Frame bytes of a run.</param>
/// <param name="JournalBytes">What the journal made of them on disk.</param>
/// <param name="PeerBytes">What the peer made of them on disk.</param>
/// <param name="OneCore">Whether the system gave the process a single core.</param>
internal sealed record JournalFigures(double Ours, double Peer, long RawBytes, long JournalBytes, long PeerBytes, bool OneCore);
