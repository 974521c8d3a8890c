using Npgsql;

namespace Mev.Sdk.Storage.Postgres;

/// <summary>How a <see cref="PostgresStore"/> reaches its database and what it keeps there. Read once, when it is made.</summary>
public sealed class PostgresOptions
{
    /// <summary>
    /// Npgsql's connection string; several hosts, separated by commas, are a primary and its replicas: rows go to the primary, reads prefer a replica. Never logged. Required.
    /// </summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>The schema that everything is made in, a lower-case name of at most 40 characters. Default <c>mev</c>.</summary>
    public string Schema { get; set; } = "mev";

    /// <summary>Partitions made ahead of the newest slot and of the present day, days, 1 to 30; a day is 216,000 slots or 24 hours. Default 2.</summary>
    public int PartitionsAhead { get; set; } = 2;

    /// <summary>
    /// Days kept: a partition that is older than so many days before the newest slot, or before now, is dropped when a new one is made. 0 to 36,500. Default 0: nothing is dropped by itself, as where a
    /// tier mover does it after it has moved the rows.
    /// </summary>
    public int RetentionDays { get; set; }

    /// <summary>Keys whose ids the projector remembers, 1,024 to 16,777,216; about 100 bytes each. Default 262,144.</summary>
    public int KeyCache { get; set; } = 1 << 18;

    /// <summary>Connections for reading at most, 1 to 1,000. Default 20.</summary>
    public int MaxReaders { get; set; } = 20;

    /// <summary>Longest time one statement may take, a second to an hour; what is stored then is tried again. Default 00:02:00.</summary>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Lists what is wrong with the options.</summary>
    /// <param name="section">Configuration key of the options, for the messages.</param>
    /// <returns>One message a problem, with key and remedy and without the connection string; empty when there is none.</returns>
    public IEnumerable<string> Validate(string section = "Mev:Storage:Postgres")
    {
        if (string.IsNullOrWhiteSpace(ConnectionString))
            yield return $"{section}:{nameof(ConnectionString)} is empty: set it, as in Host=db.example.org;Database=mev;Username=mev.";
        else if (!IsConnectionString())
            yield return $"{section}:{nameof(ConnectionString)} is no connection string of Npgsql with a Host: set NAME=VALUE pairs with ';' between them, as in Host=db.example.org;Database=mev;Username=mev.";
        if (Schema.Length is 0 or > 40 || !char.IsAsciiLetterLower(Schema[0]) || !Schema.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_') || Schema.StartsWith("pg_", StringComparison.Ordinal))
            yield return $"{section}:{nameof(Schema)} is '{Schema}': set a name of a-z, 0-9 and '_' that begins with a letter and not with 'pg_', at most 40 characters.";
        if (PartitionsAhead is < 1 or > 30)
            yield return $"{section}:{nameof(PartitionsAhead)} is {PartitionsAhead}: set 1 to 30.";
        if (RetentionDays is < 0 or > 36_500)
            yield return $"{section}:{nameof(RetentionDays)} is {RetentionDays}: set 0 to 36500; 0 keeps everything.";
        if (KeyCache is < 1024 or > 1 << 24)
            yield return $"{section}:{nameof(KeyCache)} is {KeyCache}: set 1024 to {1 << 24}.";
        if (MaxReaders is < 1 or > 1000)
            yield return $"{section}:{nameof(MaxReaders)} is {MaxReaders}: set 1 to 1000.";
        if (CommandTimeout < TimeSpan.FromSeconds(1) || CommandTimeout > TimeSpan.FromHours(1))
            yield return $"{section}:{nameof(CommandTimeout)} is {CommandTimeout}: set 00:00:01 to 01:00:00.";
    }

    // Its own message may quote the text, and with it a password.
    private bool IsConnectionString()
    {
        try
        {
            return !string.IsNullOrWhiteSpace(new NpgsqlConnectionStringBuilder(ConnectionString).Host);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
