using System.Buffers;
using Mev.Sdk.Ingest.Publishing;

namespace EngineSimulator.Sources;

/// <summary>Where the engine's records come from, a slot at a time.</summary>
internal interface ISlotSource : IDisposable
{
    /// <summary>Whether the records are simulated, so that the stream says so.</summary>
    bool IsSimulated { get; }

    /// <summary>What the source is, for a log line.</summary>
    string Description { get; }

    /// <summary>Mean transactions in a slot where the source knows it, so that a rate becomes a length of slots; 0 = each slot takes what its own number needs.</summary>
    int MeanTransactions { get; }

    /// <summary>Takes parameters of the source's strategy; null where there is none. Any thread.</summary>
    ParameterUpdateHandler? OnParameterUpdate => null;

    /// <summary>Writes the next slot's frames.</summary>
    /// <param name="frames">Where they go.</param>
    /// <returns>False at the end.</returns>
    bool TryWrite(IBufferWriter<byte> frames);
}
