using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Mev.Sdk.Storage.ClickHouse.Internal;

/// <summary>Statements over the server's HTTP interface. Thread-safe.</summary>
/// <remarks>
/// Plain HTTP and not the driver: rows already are RowBinary, which the interface takes as it is; the driver would have them as objects first. What may pass is tried again here, also inserts:
/// each carries a deduplication token, so the server knows one that it already has.
/// </remarks>
internal sealed class ClickHouseConnection : IDisposable
{
    private const string CodeHeader = "X-ClickHouse-Exception-Code";
    private const int FirstReadBytes = 64 << 10;
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);

    private readonly HttpClient _client;
    private readonly ServerAddress _address;
    private readonly string _user;
    private readonly string _password;
    private readonly bool _compress;
    private readonly int _maxRetries;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    public ClickHouseConnection(ClickHouseOptions options, HttpMessageHandler? handler, TimeProvider time, ILogger logger)
    {
        _client = new HttpClient(handler ?? new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5) }, disposeHandler: true) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };
        _address = new ServerAddress(options.Url, options.Database);
        (_user, _password, _compress, _maxRetries, _timeout) = (options.User, options.Password, options.Compress, options.MaxRetries, options.Timeout);
        (_time, _logger) = (time, logger);
    }

    /// <summary>Where it goes, for messages.</summary>
    public string Name => _address.Name;

    /// <summary>Runs a statement that answers nothing.</summary>
    public async ValueTask ExecuteAsync(string sql, CancellationToken cancellationToken, params IReadOnlyList<(string Name, string Value)> settings) =>
        (await SendAsync(() => new StringContent(sql, Encoding.UTF8), [("wait_end_of_query", "1"), .. settings], sql, cancellationToken).ConfigureAwait(false)).Dispose();

    /// <summary>Runs a query.</summary>
    /// <returns>Its answer in RowBinary, to be disposed of.</returns>
    public ValueTask<Answer> QueryAsync(string sql, CancellationToken cancellationToken, params IReadOnlyList<(string Name, string Value)> settings) => SendAsync(
        () => new StringContent(sql, Encoding.UTF8),
        [("default_format", "RowBinary"), ("wait_end_of_query", "1"), ("max_query_size", "16777216"), .. settings],
        sql,
        cancellationToken);

    /// <summary>Stores rows, once, however often it has to be tried.</summary>
    /// <param name="into">The table, and in parentheses the columns that the rows have.</param>
    /// <param name="rows">In RowBinary.</param>
    /// <param name="token">The same for the same rows, another for others.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Bytes that went out.</returns>
    public async ValueTask<long> InsertAsync(string into, ReadOnlyMemory<byte> rows, string token, CancellationToken cancellationToken)
    {
        RowContent? last = null;
        var sql = $"INSERT INTO {into} FORMAT RowBinary";
        (await SendAsync(
            () => last = new RowContent(rows, _compress),
            [
                ("query", sql),
                ("query_id", token),
                ("insert_deduplication_token", token),
                ("insert_deduplicate", "1"),

                // A block at once and its answer only when it is stored; a range may lie in any number of partitions.
                ("async_insert", "0"),
                ("wait_end_of_query", "1"),
                ("max_partitions_per_insert_block", "0"),
                ("distributed_foreground_insert", "1"),
            ],
            sql,
            cancellationToken).ConfigureAwait(false)).Dispose();
        return last!.SentBytes;
    }

    public void Dispose() => _client.Dispose();

    private async ValueTask<Answer> SendAsync(
        Func<HttpContent> body, IReadOnlyList<(string Name, string Value)> settings, string sql, CancellationToken cancellationToken)
    {
        var wait = FirstWait;
        for (var retry = 0; ; retry++)
        {
            try
            {
                // A retried statement must not meet its own id while the first try still runs.
                return await SendOnceAsync(body(), retry == 0 ? settings : [.. settings.Where(static s => s.Name != "query_id")], sql, cancellationToken).ConfigureAwait(false);
            }
            catch (ClickHouseException e) when (e.IsTransient && retry < _maxRetries)
            {
                ClickHouseMetrics.Retried();
                Log.RequestRetries(_logger, e, wait);
            }

            await Task.Delay(wait, _time, cancellationToken).ConfigureAwait(false);
            wait *= 2;
        }
    }

    private async ValueTask<Answer> SendOnceAsync(HttpContent body, IReadOnlyList<(string Name, string Value)> settings, string sql, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_timeout);
        using var request = new HttpRequestMessage(HttpMethod.Post, _address.For(settings)) { Content = body };
        request.Headers.Add("X-ClickHouse-User", _user);
        request.Headers.Add("X-ClickHouse-Key", _password);
        var started = Stopwatch.GetTimestamp();
        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token).ConfigureAwait(false);
            if (response.StatusCode != HttpStatusCode.OK || response.Headers.Contains(CodeHeader))
            {
                throw await RefusalAsync(response, sql, patience.Token).ConfigureAwait(false);
            }

            var answer = await ReadAsync(response, patience.Token).ConfigureAwait(false);
            ClickHouseMetrics.Request(Stopwatch.GetElapsedTime(started), answer.Length);
            return answer;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ClickHouseException($"{Name} did not answer within {_timeout} (Mev:Storage:ClickHouse:Timeout): {Shorten(sql)}", 0, isTransient: true);
        }
        catch (Exception e) when (e is HttpRequestException or (IOException and not ClickHouseException))
        {
            throw new ClickHouseException($"{Name} cannot be reached, or broke off: {e.Message} Check Mev:Storage:ClickHouse:Url and the server.", 0, isTransient: true, e);
        }
    }

    private async ValueTask<ClickHouseException> RefusalAsync(HttpResponseMessage response, string sql, CancellationToken cancellationToken)
    {
        var text = (await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false)).Trim();
        var code = response.Headers.TryGetValues(CodeHeader, out var values) && int.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        var remedy = code switch
        {
            ErrorCodes.AuthenticationFailed => " Check Mev:Storage:ClickHouse:User and Password.",
            ErrorCodes.ReadOnly => " The user may only read: give it INSERT, ALTER DELETE and CREATE on the database.",
            _ => "",
        };
        var isTransient = code == 0 ? (int)response.StatusCode is >= 500 or 429 : ErrorCodes.IsTransient(code);
        return new ClickHouseException($"{Name} refused '{Shorten(sql)}': {(text.Length > 0 ? Shorten(text, 1000) : $"status {(int)response.StatusCode}")}{remedy}", code, isTransient);
    }

    private static async ValueTask<Answer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var bytes = ArrayPool<byte>.Shared.Rent((int)Math.Min(response.Content.Headers.ContentLength + 1 ?? FirstReadBytes, Array.MaxLength));
            var length = 0;
            try
            {
                int read;
                while ((read = await stream.ReadAsync(bytes.AsMemory(length), cancellationToken).ConfigureAwait(false)) > 0)
                {
                    length += read;
                    if (length == bytes.Length)
                    {
                        var grown = ArrayPool<byte>.Shared.Rent((int)Math.Min(2L * length, Array.MaxLength));
                        bytes.AsSpan(0, length).CopyTo(grown);
                        ArrayPool<byte>.Shared.Return(bytes);
                        bytes = grown;
                    }
                }

                return new Answer(bytes, length);
            }
            catch
            {
                ArrayPool<byte>.Shared.Return(bytes);
                throw;
            }
        }
    }

    private static string Shorten(string text, int length = 200) => text.Length <= length ? text : string.Concat(text.AsSpan(0, length), "…");
}
