namespace Mev.Sdk.Storage.Projection;

/// <summary>The projector of one target, so that a host can have one for each of several.</summary>
/// <typeparam name="TTarget">The target's service.</typeparam>
/// <param name="Projector">The projector.</param>
internal sealed record ProjectorOf<TTarget>(Projector Projector)
    where TTarget : class, IProjectionTarget;
