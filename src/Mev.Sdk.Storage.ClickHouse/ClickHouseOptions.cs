namespace Mev.Sdk.Storage.ClickHouse;

/// <summary>Which server a <see cref="ClickHouseStore"/> uses, and how. Read once, when it is made.</summary>
public sealed class ClickHouseOptions
{
    /// <summary>Address of the server's HTTP interface, such as <c>https://clickhouse.example.org:8443</c>. Required.</summary>
    public string Url { get; set; } = "";

    /// <summary>The database that holds the tables: letters, digits and underscores. It is made when it is missing. Default <c>mev</c>.</summary>
    public string Database { get; set; } = "mev";

    /// <summary>Who signs in. Default <c>default</c>.</summary>
    public string User { get; set; } = "default";

    /// <summary>The password. Never logged. Default empty.</summary>
    public string Password { get; set; } = "";

    /// <summary>
    /// Name of the cluster, as the server's configuration has it, whose tables <see cref="ClickHouseSchema.ForCluster"/> describes: letters, digits, underscores and hyphens.
    /// Default empty: one server.
    /// </summary>
    public string Cluster { get; set; } = "";

    /// <summary>Days after which the server itself drops rows, counted from when they were stored, 0 to 36,500. Default 0: it drops none, and the tier mover decides.</summary>
    public int RetentionDays { get; set; }

    /// <summary>Whether rows are sent compressed (Zstandard), which is worth it over any network. Default true.</summary>
    public bool Compress { get; set; } = true;

    /// <summary>How often a request that failed for a reason that may pass is sent again, 0 to 20; an insert is not stored twice by it. Default 3.</summary>
    public int MaxRetries { get; set; } = 3;

    /// <summary>Longest time one try of a request may take, a second to an hour. Default 00:02:00.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Lists what is wrong with the options.</summary>
    /// <param name="section">Configuration key of the options, for the messages.</param>
    /// <returns>One message a problem, with key and remedy and without secrets; empty when there is none.</returns>
    public IEnumerable<string> Validate(string section = "Mev:Storage:ClickHouse")
    {
        if (!Uri.TryCreate(Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            yield return $"{section}:{nameof(Url)} is {(url?.UserInfo.Length > 0 ? "no http or https address" : $"'{Url}'")}: set the address of the HTTP interface, such as http://127.0.0.1:8123.";
        else if (url.UserInfo.Length > 0)
            yield return $"{section}:{nameof(Url)} holds a user or password: set {nameof(User)} and {nameof(Password)} instead.";
        if (Database.Length is 0 or > 64 || !Database.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            yield return $"{section}:{nameof(Database)} is '{Database}': set 1 to 64 letters, digits and underscores.";
        if (string.IsNullOrWhiteSpace(User))
            yield return $"{section}:{nameof(User)} is empty: set who signs in; a fresh server knows 'default'.";
        if (Cluster.Length > 64 || !Cluster.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
            yield return $"{section}:{nameof(Cluster)} is '{Cluster}': set a cluster's name of letters, digits, underscores and hyphens, or nothing for one server.";
        if (RetentionDays is < 0 or > 36_500)
            yield return $"{section}:{nameof(RetentionDays)} is {RetentionDays}: set 0 to 36500.";
        if (MaxRetries is < 0 or > 20)
            yield return $"{section}:{nameof(MaxRetries)} is {MaxRetries}: set 0 to 20.";
        if (Timeout < TimeSpan.FromSeconds(1) || Timeout > TimeSpan.FromHours(1))
            yield return $"{section}:{nameof(Timeout)} is {Timeout}: set 00:00:01 to 01:00:00.";
    }
}
