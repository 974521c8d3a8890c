namespace Mev.Sdk.Ingest.Accepting;

/// <summary>Options of taking in engines that connect to this host. Configuration shape: <c>Mev:Ingest:Accept:*</c>.</summary>
public sealed class EngineAcceptorOptions
{
    /// <summary>The engines that may connect, each known by the name in its hello. Default none: every connection is refused.</summary>
    public IList<AcceptedEngineOptions> Engines { get; } = [];

    /// <summary>
    /// Connections of engines at a time. Default 64; 1 to 10,000. As many more may be proving who they are, of which the oldest gives way to a new one.
    /// </summary>
    public int MaxConnections { get; set; } = 64;

    /// <summary>Longest time from the connection to an accepted hello, proof included. Default 5 s; over 0.</summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Values of the Origin header that may connect. Default none, which refuses every request that carries one: engines send none, and a web
    /// page in somebody's browser must not be able to pose as one.
    /// </summary>
    public IList<string> AllowedOrigins { get; } = [];

    internal void Validate(string key, List<string> errors)
    {
        var hellos = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < Engines.Count; i++)
        {
            Engines[i].Validate($"{key}:Engines:{i}", errors);
            if (!hellos.Add(Engines[i].NameInHello))
            {
                errors.Add($"{key}:Engines:{i}:EngineName is '{Engines[i].NameInHello}', which another engine already says; give each its own.");
            }
        }

        if (MaxConnections is < 1 or > 10_000)
        {
            errors.Add($"{key}:MaxConnections is {MaxConnections}; give connections between 1 and 10000.");
        }

        if (HandshakeTimeout <= TimeSpan.Zero || HandshakeTimeout > TimeSpan.FromDays(1))
        {
            errors.Add($"{key}:HandshakeTimeout is {HandshakeTimeout}; give a time over 0 and at most a day, as in 00:00:05.");
        }

        for (var i = 0; i < AllowedOrigins.Count; i++)
        {
            if (!Uri.TryCreate(AllowedOrigins[i], UriKind.Absolute, out var origin) || origin.GetLeftPart(UriPartial.Authority) != AllowedOrigins[i])
            {
                errors.Add($"{key}:AllowedOrigins:{i} is '{AllowedOrigins[i]}'; give scheme and host as a browser sends them, as in https://host.example.");
            }
        }
    }
}
