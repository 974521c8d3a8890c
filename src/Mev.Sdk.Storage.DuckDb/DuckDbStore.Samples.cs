using System.Runtime.CompilerServices;
using DuckDB.NET.Data;

namespace Mev.Sdk.Storage.DuckDb;

public sealed partial class DuckDbStore
{
    private const int SamplePageRows = 8192;
    private readonly SemaphoreSlim _sampling = new(1, 1);

    /// <inheritdoc/>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public async ValueTask WriteAsync(
        FeatureSchema schema, IReadOnlyList<TrainingSample> samples, string? modelVersion, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(samples);
        if (samples.FirstOrDefault(s => s.Features.Length != schema.Count) is { } wrong)
        {
            throw new ArgumentException(
                $"The sample of LSN {wrong.TransactionLsn} has {wrong.Features.Length} features, its schema has {schema.Count}.", nameof(samples));
        }

        if (samples.Count == 0)
        {
            return;
        }

        await _sampling.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await ReadAsync(c => Replace(c, schema, samples, modelVersion), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _sampling.Release();
        }
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public async IAsyncEnumerable<TrainingSample> ReadAsync(
        FeatureSchema schema, Lsn from, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(schema);
        while (true)
        {
            var sql = $"""
                SELECT transaction_lsn, signature, features, labels, created FROM ml_training_samples
                WHERE schema_hash = {Number(schema.Hash)} AND transaction_lsn >= {Number(from.Value)} ORDER BY transaction_lsn LIMIT {SamplePageRows}
                """;
            var page = await ReadAsync(c => ReadPage(c, sql), cancellationToken).ConfigureAwait(false);
            foreach (var sample in page)
            {
                yield return sample;
            }

            if (page.Count < SamplePageRows)
            {
                yield break;
            }

            from = page[^1].TransactionLsn.Add(1);
        }
    }

    private static int Replace(DuckDBConnection connection, FeatureSchema schema, IReadOnlyList<TrainingSample> samples, string? modelVersion)
    {
        connection.Execute(Schema.CreateSampleStaging);
        using var transaction = connection.BeginTransaction();

        // The last of several samples of one LSN in a call wins, as it would in several calls.
        var unique = new Dictionary<ulong, TrainingSample>(samples.Count);
        foreach (var sample in samples)
        {
            unique[sample.TransactionLsn.Value] = sample;
        }

        using (var appender = connection.Stage("staged_samples"))
        {
            foreach (var sample in unique.Values)
            {
                var signature = sample.Signature;
                appender.CreateRow()
                    .AppendValue((ulong?)sample.TransactionLsn.Value)
                    .AppendBytes(Signature.AsSpan(in signature))
                    .AppendValue(sample.Features.ToArray()) // the appender knows arrays and lists only, and a sample may be a slice
                    .AppendValue<float>([sample.Label])
                    .AppendValue(modelVersion!)
                    .AppendValue((DateTime?)sample.CreatedAt.UtcDateTime)
                    .AppendValue((ulong?)schema.Hash)
                    .EndRow();
            }
        }

        connection.Execute("""
            DELETE FROM ml_training_samples t USING staged_samples s WHERE t.transaction_lsn = s.transaction_lsn AND t.schema_hash = s.schema_hash
            """);
        var stored = connection.Execute("INSERT INTO ml_training_samples SELECT * FROM staged_samples ORDER BY transaction_lsn");
        transaction.Commit();
        return stored;
    }

    private static List<TrainingSample> ReadPage(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Built from constants and numbers.
        command.CommandText = sql;
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        var page = new List<TrainingSample>();
        while (reader.Read())
        {
            page.Add(new TrainingSample(
                new Lsn(reader.GetFieldValue<ulong>(0)),
                new Signature(HistoryRows.GetBytes(reader, 1)),
                reader.GetFieldValue<List<float>>(2).ToArray(),
                reader.GetFieldValue<List<float>>(3)[0],
                HistoryRows.GetInstant(reader, 4) ?? default));
        }

        return page;
    }
}
