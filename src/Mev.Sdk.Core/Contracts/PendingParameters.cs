namespace Mev.Sdk;

/// <summary>A parameter update that was not answered yet.</summary>
/// <param name="UpdateId">The update.</param>
/// <param name="Revision">Revision it makes.</param>
/// <param name="Request">What was asked for.</param>
/// <param name="RequestedAt">When, by the host's clock.</param>
/// <param name="Sends">How often it was sent, in this process.</param>
public sealed record PendingParameters(Guid UpdateId, ulong Revision, ParameterRequest Request, DateTimeOffset RequestedAt, int Sends);
