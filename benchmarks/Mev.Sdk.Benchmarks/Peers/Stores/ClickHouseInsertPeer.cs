using System.Net.Http.Headers;
using Mev.Sdk.Records;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.TestKit;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Benchmarks.Peers.Stores;

/// <summary>The server's own bulk path into our table: what one would write with an HTTP client alone, without looking for repeats and slots.</summary>
internal sealed class ClickHouseInsertPeer : IDisposable
{
    private readonly HttpClient _client = new();
    private readonly RowBuffer _rows = new(HistoryTables.Transactions);
    private readonly string _url;
    private readonly string _insert;
    private readonly long _now = (DateTime.UtcNow - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <param name="server">The server.</param>
    /// <param name="database">A database that a store has made.</param>
    public ClickHouseInsertPeer(ClickHouseServer server, string database)
    {
        _client.DefaultRequestHeaders.Add("X-ClickHouse-User", server.User);
        _client.DefaultRequestHeaders.Add("X-ClickHouse-Key", server.Password);
        _url = $"{server.Url}/?database={database}";
        var columns = string.Join(", ", HistoryTables.Transactions.Columns.Select(static c => c.Name));
        _insert = $"{_url}&wait_end_of_query=1&query={Uri.EscapeDataString($"INSERT INTO transactions ({columns}) FORMAT RowBinary")}";
    }

    public async Task StoreAsync(RecordBatch batch)
    {
        _rows.Clear();
        foreach (var record in batch)
        {
            if (TransactionView.TryRead(in record, out var view))
            {
                Add(in view);
            }
        }

        using var content = new ReadOnlyMemoryContent(_rows.Memory);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        await SendAsync(_insert, content).ConfigureAwait(false);
    }

    /// <summary>Asks for one value.</summary>
    public async Task<string> AskAsync(string sql)
    {
        using var content = new StringContent(sql);
        return (await SendAsync(_url + "&default_format=TabSeparated", content).ConfigureAwait(false)).Trim();
    }

    public void Dispose()
    {
        _client.Dispose();
        _rows.Dispose();
    }

    private async Task<string> SendAsync(string url, HttpContent content)
    {
        using var response = await _client.PostAsync(new Uri(url), content).ConfigureAwait(false);
        var text = await response.Content.ReadAsStringAsync().ConfigureAwait(false);
        return response.IsSuccessStatusCode ? text : throw new InvalidOperationException($"ClickHouse refused: {text}");
    }

    private void Add(in TransactionView view)
    {
        ref readonly var record = ref view.Record;
        var row = _rows.AddRow();
        row.UInt64(view.Lsn.Value);
        row.UInt64(view.Lsn.Value);
        row.Signature(in record.Signature);
        row.UInt64(record.Slot);
        row.Timestamp(record.BlockTimeSeconds * 1_000_000);
        row.UInt8((byte)record.Stage);
        row.Timestamp(_now);
        row.UInt32(record.IndexInBlock);
        row.Key(in record.Payer);
        row.UInt32((uint)record.Flags);
        row.UInt64(record.FeeLamports);
        row.UInt64(record.TipLamports);
        row.UInt64(record.ComputeUnitPriceMicroLamports);
        row.UInt32(record.ComputeUnitLimit);
        row.UInt32(record.ComputeUnitsConsumed);
        row.UInt16((ushort)record.ErrorCode);
        row.UInt32(record.ErrorCustomCode);
        row.UInt16((ushort)view.Swaps.Length);
        AddSwap(ref row, view.Swaps);
        row.Null();
        row.Null();
        row.Complete();
    }

    private static void AddSwap(ref RowWriter row, ReadOnlySpan<SwapEntry> swaps)
    {
        if (swaps.IsEmpty)
        {
            for (var i = 0; i < 8; i++)
            {
                row.Null();
            }

            return;
        }

        ref readonly var swap = ref swaps[0];
        row.UInt16((ushort)swap.Venue);
        row.Key(in swap.Pool);
        row.Key(in swap.MintIn);
        row.Key(in swap.MintOut);
        row.UInt64(swap.AmountIn);
        row.UInt64(swap.AmountOut);
        row.UInt8(swap.DecimalsIn);
        row.UInt8(swap.DecimalsOut);
    }
}
