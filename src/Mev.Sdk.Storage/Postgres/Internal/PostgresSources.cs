using Npgsql;

namespace Mev.Sdk.Storage.Postgres;

/// <summary>Connections to the primary, one for the projector, and to whichever server is best read from.</summary>
internal sealed class PostgresSources : IAsyncDisposable, IDisposable
{
    private const int WriteBufferBytes = 256 << 10;

    // Compiling a question takes longer than most of them; groups and sorts of the dashboard's fit into memory. What the connection string says besides comes later and counts.
    private const string ReadSettings = "-c jit=off -c work_mem=32MB";

    private readonly NpgsqlMultiHostDataSource _writing;
    private readonly NpgsqlMultiHostDataSource _reading;

    public PostgresSources(PostgresOptions options)
    {
        var text = new NpgsqlConnectionStringBuilder(options.ConnectionString)
        {
            SearchPath = options.Schema,
            CommandTimeout = (int)options.CommandTimeout.TotalSeconds,
            IncludeErrorDetail = false,
            ApplicationName = "Mev.Sdk",
            TcpKeepAlive = true,

            // Instants are UTC without saying so; what compares them with those that say it goes by the session.
            Timezone = "UTC",

            // Chosen here, per use.
            TargetSessionAttributes = null,
        };

        // A host that has cut a connection is not asked again for a while, which is good where there is another one.
        text.HostRecheckSeconds = text.Host?.Contains(',', StringComparison.Ordinal) == true ? text.HostRecheckSeconds : 0;
        Place = $"{text.Host}, database '{text.Database ?? text.Username}', schema '{options.Schema}'";
        _reading = Build(new NpgsqlConnectionStringBuilder(text.ConnectionString) { MaxPoolSize = options.MaxReaders, MinPoolSize = 0, KeepAlive = 30, Options = $"{ReadSettings} {text.Options}".TrimEnd() });

        // The projector's session has settings, temporary tables and a lock of its own.
        _writing = Build(new NpgsqlConnectionStringBuilder(text.ConnectionString) { Pooling = false, WriteBufferSize = WriteBufferBytes });
    }

    /// <summary>Where the rows are, for messages: no secret is in it.</summary>
    public string Place { get; }

    /// <summary>Opens a session at the primary that is not shared.</summary>
    public async Task<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken) =>
        await OpenAsync(_writing, TargetSessionAttributes.Primary, cancellationToken).ConfigureAwait(false);

    /// <summary>Takes a pooled connection to a replica, or, where none answers, to the primary.</summary>
    public async Task<NpgsqlConnection> ConnectForReadingAsync(CancellationToken cancellationToken) =>
        await OpenAsync(_reading, TargetSessionAttributes.PreferStandby, cancellationToken).ConfigureAwait(false);

    public void Dispose()
    {
        _writing.Dispose();
        _reading.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await _writing.DisposeAsync().ConfigureAwait(false);
        await _reading.DisposeAsync().ConfigureAwait(false);
    }

    private static NpgsqlMultiHostDataSource Build(NpgsqlConnectionStringBuilder text)
    {
        // The slim builder brings in only what is named here, which is what keeps it fit for trimming.
        var builder = new NpgsqlSlimDataSourceBuilder(text.ConnectionString);
        builder.EnableArrays();

        // Sums are numeric and beyond what a decimal holds: they are read as whole numbers of any size.
        builder.EnableExtraConversions();
        builder.EnableTransportSecurity();
        return builder.BuildMultiHost();
    }

    private async Task<NpgsqlConnection> OpenAsync(NpgsqlMultiHostDataSource source, TargetSessionAttributes target, CancellationToken cancellationToken)
    {
        try
        {
            return await source.WithTargetSession(target).OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (NpgsqlException e)
        {
            throw new IOException($"PostgreSQL cannot be reached ({Place}): {e.Message} Check that it runs, and Mev:Storage:Postgres:ConnectionString.", e);
        }
    }
}
