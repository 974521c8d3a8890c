using Mev.Sdk.Wire;

namespace Mev.Sdk;

/// <summary>Where sources deliver: the host's sequencer, which gives every record its LSN.</summary>
public interface IRecordIntake
{
    /// <summary>Sequences a batch and shows it to every sink in LSN order.</summary>
    /// <param name="batch">Whole checked records without LSNs, in the order of their stream; borrowed until the returned task completes.</param>
    /// <param name="cancellationToken">Gives up waiting for the turn; a batch whose turn has come is finished.</param>
    /// <exception cref="BatchRefusedException">The journal cannot keep the batch; nobody saw it, and the intake goes on for other sources.</exception>
    /// <returns>Completes when every lossless sink has taken the batch: this is the back-pressure.</returns>
    ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default);
}
