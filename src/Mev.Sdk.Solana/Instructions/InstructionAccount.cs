namespace Mev.Sdk.Solana.Instructions;

/// <summary>An account in the place that an instruction gives it.</summary>
/// <param name="Account">The account.</param>
/// <param name="Name">What the program takes it for, such as <c>source</c>; null = this library does not describe the place.</param>
public readonly record struct InstructionAccount(TransactionAccount Account, string? Name);
