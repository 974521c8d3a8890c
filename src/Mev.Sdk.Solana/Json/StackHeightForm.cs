namespace Mev.Sdk.Solana.Json;

/// <summary>How an instruction shows the depth of its call.</summary>
/// <param name="Height">The depth; 0 = null.</param>
/// <param name="IsWritten">Whether it shows at all.</param>
internal readonly record struct StackHeightForm(uint Height, bool IsWritten);
