using Mev.Sdk.Records;

namespace Mev.Sdk.Solana.Venues;

/// <summary>A trading venue: its programs and the instructions of them that matter.</summary>
/// <param name="id">The venue.</param>
/// <param name="programs">Its programs, all with the same instructions.</param>
/// <param name="reading">How its swaps are read.</param>
/// <param name="instructions">Its instructions; one that is not listed is counted as unknown. A two-hop swap is listed twice, in order.</param>
internal sealed class VenueDefinition(VenueId id, Pubkey[] programs, SwapReading reading, InstructionShape[] instructions)
{
    private readonly InstructionShape[] _instructions = instructions;

    public VenueId Id { get; } = id;

    public Pubkey[] Programs { get; } = programs;

    public SwapReading Reading { get; } = reading;

    public ReadOnlySpan<InstructionShape> Instructions => _instructions;

    /// <summary>Finds the instruction that data stands for.</summary>
    /// <returns>Its place in <see cref="Instructions"/>, or -1.</returns>
    public int Find(ReadOnlySpan<byte> data, int accounts)
    {
        var start = Anchor.StartOf(data);
        for (var i = 0; i < _instructions.Length; i++)
        {
            if (_instructions[i].Matches(start, data.Length, accounts))
            {
                return i;
            }
        }

        return -1;
    }
}
