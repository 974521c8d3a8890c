using Mev.Sdk.Wire;

namespace Mev.Sdk;

/// <summary>Takes every record in LSN order: the journal, features and scoring, the live view.</summary>
/// <remarks>
/// The sequencer calls one batch at a time and never concurrently. A sink that cannot keep up either waits (it is lossless, and slows the
/// source) or drops and counts (it is a view). A sink must not call <see cref="IRecordIntake.WriteAsync"/>; it may call <see cref="IRecordAppender.TryAppend"/>.
/// </remarks>
public interface IRecordSink
{
    /// <summary>Takes a batch.</summary>
    /// <param name="batch">Borrowed until the returned task completes; <see cref="RecordBatch.Retain"/> to keep it.</param>
    /// <param name="cancellationToken">The host is going down.</param>
    /// <exception cref="BatchRefusedException">The sink is the <see cref="IRecordLog"/> and took nothing of the batch: it goes back to its source, and to no other sink.</exception>
    /// <returns>Completes when the sink needs the batch's memory no more.</returns>
    ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default);
}
