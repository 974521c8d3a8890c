namespace Mev.Sdk.Solana.Instructions;

/// <summary>An argument of an instruction.</summary>
/// <param name="Name">Its name in the program's source, in camel case.</param>
/// <param name="Value">Its value as text: numbers in decimal without grouping, keys in base58, bytes in hexadecimal.</param>
public readonly record struct InstructionField(string Name, string Value);
