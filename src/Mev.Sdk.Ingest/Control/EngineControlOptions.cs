namespace Mev.Sdk.Ingest.Control;

/// <summary>Options of the control channel. Configuration shape: <c>Mev:Ingest:Control:*</c>.</summary>
public sealed class EngineControlOptions
{
    /// <summary>Bytes of scores that may wait for one engine's connection; further ones are dropped and counted. Default 1 MiB; 4 KiB to 64 MiB.</summary>
    public int ScoreQueueBytes { get; set; } = 1 << 20;

    /// <summary>Parameter updates that may wait for an answer; one more is refused. Default 1,024 updates; 1 to 65,536.</summary>
    public int MaxPending { get; set; } = 1_024;

    internal void Validate(string key, List<string> errors)
    {
        if (ScoreQueueBytes is < 4 << 10 or > 64 << 20)
        {
            errors.Add($"{key}:ScoreQueueBytes is {ScoreQueueBytes}; give bytes between 4096 and 67108864.");
        }

        if (MaxPending is < 1 or > 65_536)
        {
            errors.Add($"{key}:MaxPending is {MaxPending}; give updates between 1 and 65536.");
        }
    }
}
