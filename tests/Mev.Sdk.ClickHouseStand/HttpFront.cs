using System.Buffers;
using System.IO.Compression;
using System.Text;
using Mev.Sdk.ClickHouseStand.Engine;
using Microsoft.Extensions.Primitives;
using ZstdSharp;

namespace Mev.Sdk.ClickHouseStand;

/// <summary>Answers a request as ClickHouse's HTTP interface does, one statement at a time.</summary>
internal sealed class HttpFront(ChdbEngine engine, StandOptions options) : IDisposable
{
    // Parameters of the interface that are no settings of a statement.
    private static readonly HashSet<string> NoSettings = new(StringComparer.Ordinal)
    {
        "query", "database", "default_format", "user", "password", "quota_key", "session_id", "session_timeout", "session_check", "query_id",
        "compress", "decompress", "wait_end_of_query", "buffer_size", "enable_http_compression", "http_zlib_compression_level", "client_protocol_version",
        "cancel_http_readonly_queries_on_client_close", "send_progress_in_http_headers", "http_headers_progress_interval_ms",
    };

    private const int Piece = 1 << 20;
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly SessionState _session = new(engine);

    public async Task AnswerAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        if (!IsAllowed(request))
        {
            await FailAsync(response, "Code: 516. DB::Exception: Authentication failed: password is incorrect, or there is no user with such name. (AUTHENTICATION_FAILED)");
            return;
        }

        if (request.Method == HttpMethods.Get && !request.Query.ContainsKey("query"))
        {
            await response.WriteAsync("Ok.\n");
            return;
        }

        var statement = await ReadStatementAsync(request);
        if (options.ReadOnly && !statement.WrittenSpan.StartsWith("SELECT"u8))
        {
            await FailAsync(response, "Code: 164. DB::Exception: default: Cannot execute query in readonly mode. (READONLY)");
            return;
        }

        var database = request.Query["database"] is [{ Length: > 0 } named, ..] ? named : request.Headers["X-ClickHouse-Database"] is [{ Length: > 0 } header, ..] ? header : "default";
        var format = request.Query["default_format"] is [{ Length: > 0 } asked, ..] ? asked : request.Headers["X-ClickHouse-Format"] is [{ Length: > 0 } other, ..] ? other : "TabSeparated";
        var settings = request.Query.Where(static pair => !NoSettings.Contains(pair.Key)).ToDictionary(static pair => pair.Key, static pair => pair.Value.ToString(), StringComparer.Ordinal);

        // Not given up when the client goes away: the server, too, runs on with what it has received.
        await _one.WaitAsync();
        ChdbResult result;
        try
        {
            result = await Task.Run(() =>
            {
                _session.Bring(database, settings);
                return Run(statement.WrittenSpan, Encoding.UTF8.GetBytes(format));
            });
        }
        catch (InvalidOperationException failed)
        {
            await FailAsync(response, failed.Message);
            return;
        }
        finally
        {
            _one.Release();
        }

        using (result)
        {
            response.Headers["X-ClickHouse-Server-Display-Name"] = "stand";
            response.Headers["X-ClickHouse-Query-Id"] = request.Query["query_id"] is [{ Length: > 0 } id, ..] ? id : Guid.NewGuid().ToString();
            response.Headers["X-ClickHouse-Format"] = format;
            response.Headers["X-ClickHouse-Timezone"] = "UTC";
            response.Headers["X-ClickHouse-Summary"] = "{\"read_rows\":\"0\",\"read_bytes\":\"0\",\"written_rows\":\"0\",\"written_bytes\":\"0\"}";
            response.ContentLength = result.Bytes.Length;
            for (var at = 0; at < result.Bytes.Length; at += Piece)
            {
                response.BodyWriter.Write(result.Bytes.Slice(at, Math.Min(Piece, result.Bytes.Length - at)));
                await response.BodyWriter.FlushAsync();
            }
        }
    }

    public void Dispose() => _one.Dispose();

    // Data in a binary format stand behind the statement's line.
    private ChdbResult Run(ReadOnlySpan<byte> statement, ReadOnlySpan<byte> format)
    {
        var line = statement.IndexOf((byte)'\n') is var end and >= 0 ? statement[..end] : statement;
        if (line.StartsWith("INSERT"u8) && line.LastIndexOf(" FORMAT "u8) is var at and > 0 && line.Length < statement.Length && line[(at + 8)..].TrimEnd((byte)' ').StartsWith("RowBinary"u8))
        {
            engine.Insert(line[..at], line[(at + 8)..].TrimEnd((byte)' '), statement[(line.Length + 1)..]);
            return engine.Execute("SELECT 1 WHERE 0"u8, format);
        }

        return engine.Execute(statement, format);
    }

    private static async Task<ArrayBufferWriter<byte>> ReadStatementAsync(HttpRequest request)
    {
        var statement = new ArrayBufferWriter<byte>((int)Math.Clamp(request.ContentLength * 2 ?? 4096, 4096, 64 << 20));
        if (request.Query["query"] is [{ Length: > 0 } query, ..])
        {
            statement.Write(Encoding.UTF8.GetBytes(query));
            statement.Write("\n"u8);
        }

        await using var body = Decoded(request);
        int read;
        while ((read = await body.ReadAsync(statement.GetMemory(64 << 10))) > 0)
        {
            statement.Advance(read);
        }

        return statement;
    }

    private static Stream Decoded(HttpRequest request) => request.Headers.ContentEncoding.ToString() switch
    {
        "" => request.Body,
        "gzip" => new GZipStream(request.Body, CompressionMode.Decompress),
        "deflate" => new ZLibStream(request.Body, CompressionMode.Decompress),
        "br" => new BrotliStream(request.Body, CompressionMode.Decompress),
        "zstd" => new DecompressionStream(request.Body),
        var other => throw new BadHttpRequestException($"The stand does not know Content-Encoding {other}."),
    };

    private bool IsAllowed(HttpRequest request)
    {
        var (user, password) = (request.Query["user"], request.Query["password"]);
        if (request.Headers.TryGetValue("X-ClickHouse-User", out var named))
        {
            (user, password) = (named, request.Headers["X-ClickHouse-Key"]);
        }
        else if (request.Headers.Authorization.ToString() is { } header && header.StartsWith("Basic ", StringComparison.Ordinal))
        {
            var pair = Encoding.UTF8.GetString(Convert.FromBase64String(header[6..])).Split(':', 2);
            (user, password) = (pair[0], pair.Length > 1 ? pair[1] : "");
        }

        return (StringValues.IsNullOrEmpty(user) ? "default" : user.ToString()) == options.User && password.ToString() == options.Password;
    }

    private static Task FailAsync(HttpResponse response, string message)
    {
        var code = EngineError.CodeOf(message);
        response.StatusCode = EngineError.StatusOf(code);
        response.Headers["X-ClickHouse-Exception-Code"] = code.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return response.WriteAsync(message + "\n");
    }
}
