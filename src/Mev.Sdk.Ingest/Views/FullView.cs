namespace Mev.Sdk.Ingest.Views;

/// <summary>What a full <see cref="ViewSink"/> leaves out; it always leaves out whole batches, and counts them.</summary>
public enum FullView
{
    /// <summary>The batch that comes: nothing is copied then, so a view that is stuck costs the stream nothing.</summary>
    DropNewest,

    /// <summary>The batches that have waited longest, so that the view shows what is newest; each batch that comes is still copied.</summary>
    DropOldest,
}
