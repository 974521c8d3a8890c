using Mev.Sdk.Records;

namespace Mev.Sdk.Ingest.Solana.Files;

/// <summary>What a block file does not say about itself.</summary>
public sealed class BlockFileOptions
{
    /// <summary>The block's slot, or null.</summary>
    /// <value>
    /// Default null: a number that ends the file's name (<c>block-285000037.json</c>) when it is above the parent's slot, otherwise the parent's slot plus
    /// one. A <c>getBlock</c> result does not carry its own slot, and slots between parent and block may have been skipped.
    /// </value>
    public ulong? Slot { get; set; }

    /// <summary>How final the block was when the file was made.</summary>
    /// <value>Default <see cref="SightingStage.Finalized"/>, as <c>getBlock</c> answers unless asked otherwise.</value>
    public SightingStage Stage { get; set; } = SightingStage.Finalized;
}
