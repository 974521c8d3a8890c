namespace Mev.Sdk.Solana.Json;

/// <summary>An instruction by indices and bytes.</summary>
/// <param name="Program">Index of its program.</param>
/// <param name="Accounts">Indices of its accounts.</param>
/// <param name="Data">What the program got; empty when it could not be rebuilt.</param>
/// <param name="IsComplete">False when a node's rendering could not be turned back into accounts and data.</param>
internal readonly record struct RawInstruction(byte Program, byte[] Accounts, byte[] Data, bool IsComplete = true);
