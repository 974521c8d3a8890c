using Mev.Sdk.Records;
using Mev.Sdk.Solana.Json;
using Mev.Sdk.Storage.Archive;
using Mev.Sdk.Storage.Archive.Import;
using Mev.Sdk.Storage.Tests.Archive.Objects;
using Mev.Sdk.TestKit;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Tests.Archive.Import;

public sealed class ArchiveImporterTests : IDisposable
{
    private readonly JsonFolder _folder = new();
    private readonly MemoryBlobStore _store = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Json_to_archive_to_json_gives_the_equal_value()
    {
        _folder.AddBlock(300);
        _folder.Add(301, "block-301.json", JsonFolder.Block(301, JsonFolder.Transaction(1, RenderEncoding.Base64), JsonFolder.Transaction(2, RenderEncoding.Base58), JsonFolder.Transaction(3, RenderEncoding.JsonParsed)));
        _folder.Add(302, "answer-302.json", $$"""{"jsonrpc":"2.0","result":{{JsonFolder.Block(302, JsonFolder.Transaction(4))}},"id":"x"}""");
        _folder.Add(303, "one.json", JsonFolder.Transaction(5, more: "\"slot\":303,\"blockTime\":1724000000,\"extra\":[1,null,{\"a\":1.50}]"));
        _folder.Add(304, "wrapped.json", $$"""{"description":"größe","raw":{{JsonFolder.Transaction(6, RenderEncoding.Base64, "\"slot\":304,\"blockTime\":null")}}}""");
        _folder.Add(305, "block-305.json", JsonFolder.Block(305));
        _folder.Add(306, "deep/er/block-306.json.gz", JsonFolder.Block(306, JsonFolder.Transaction(7)).Replace("\"blockTime\":1724000000", "\"blockTime\":null,\"numRewardPartitions\":3", StringComparison.Ordinal));

        var report = await ImportAsync();

        Assert.Empty(report.Problems);
        Assert.Equal(7, report.Files);
        Assert.Equal(10, report.Transactions);
        Assert.True(report.IsComplete);
        JsonFolder.AssertEqual(_folder.Documents.Values, await DocumentsAsync());
    }

    [Fact]
    public async Task Compressed_files_and_files_of_lines_are_taken_too()
    {
        _folder.Add(300, "block-300.json.zst", JsonFolder.Block(300, JsonFolder.Transaction(1)));
        string[] lines = [JsonFolder.Block(301, JsonFolder.Transaction(2)), JsonFolder.Block(302), JsonFolder.Transaction(3, more: "\"slot\":303")];
        var content = System.Text.Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\r\n\n");
        _folder.Write("blocks.jsonl.zst", content);
        _folder.Write("deep/again.jsonl", content);
        _folder.Write("deep/once-more.jsonl.gz", content);

        var report = await ImportAsync();

        Assert.Empty(report.Problems);
        Assert.Equal((4, 7), (report.Files, report.Transactions));
        JsonFolder.AssertEqual([_folder.Documents[300], .. lines, .. lines, .. lines], await DocumentsAsync());
    }

    [Fact]
    public async Task Bad_line_costs_its_file_and_is_told_by_its_number()
    {
        _folder.Write("blocks-300.jsonl", System.Text.Encoding.UTF8.GetBytes(JsonFolder.Block(300) + "\n{\"parentSlot\":\n"));
        _folder.Write("blocks-301.json.zst", System.Text.Encoding.UTF8.GetBytes(JsonFolder.Block(301)));
        await File.WriteAllBytesAsync(Path.Combine(_folder.Path, "blocks-301.json.zst"), [0x28, 0xB5, 0x2F, 0xFD, 9, 9], TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(_folder.Path, "blocks-302.json.zst"), [1, 2, 3, 4, 5, 6], TestContext.Current.CancellationToken);

        var report = await ImportAsync();

        Assert.Equal(3, report.Problems.Count);
        Assert.Contains("line 2", report.Problems.Single(static problem => problem.File == "blocks-300.jsonl").Problem, StringComparison.Ordinal);
        Assert.All(report.Problems.Where(static problem => problem.File.EndsWith(".zst", StringComparison.Ordinal)), static problem => Assert.Contains("not Zstandard", problem.Problem, StringComparison.Ordinal));
        Assert.Equal(0, report.Files);
    }

    [Fact]
    public async Task Transaction_whose_bytes_are_lost_keeps_its_json_and_says_that_it_has_no_wire()
    {
        var parsed = System.Text.Json.Nodes.JsonNode.Parse(JsonFolder.Transaction(9, RenderEncoding.JsonParsed))!;
        parsed["transaction"]!["message"]!["instructions"]![0] = System.Text.Json.Nodes.JsonNode.Parse("""{"program":"novel","programId":"Vote111111111111111111111111111111111111111","parsed":{"type":"unheardOf","info":{"a":1}},"stackHeight":null}""");
        _folder.Add(300, "block-300.json", JsonFolder.Block(300, parsed.ToJsonString()));

        var report = await ImportAsync();

        Assert.Empty(report.Problems);
        JsonFolder.AssertEqual(_folder.Documents.Values, await DocumentsAsync());
        await foreach (var batch in new ArchiveSet(_store).ReadAsync(new ArchiveRange { Templates = TemplateSet.Of(TemplateIds.Transaction) }, cancellationToken: TestContext.Current.CancellationToken))
        {
            foreach (var record in batch)
            {
                if (TransactionView.TryRead(in record, out var view))
                {
                    Assert.True(view.Record.Flags.HasFlag(TransactionFlags.WireMissing));
                    Assert.True(view.Wire.IsEmpty);
                }
            }

            batch.Release();
        }
    }

    [Fact]
    public async Task Records_have_slots_places_and_consecutive_lsns_of_their_own_log()
    {
        _folder.AddBlock(310, 2);
        _folder.AddBlock(309, 1);

        var report = await ImportAsync(new ArchiveImportOptions { LogId = 9, SourceId = 8, Stage = SightingStage.Confirmed });

        Assert.Equal((Lsn.Create(9, 1), Lsn.Create(9, 5)), (report.FirstLsn, report.LastLsn));
        var seen = new List<string>();
        await foreach (var batch in new ArchiveSet(_store).ReadAsync(cancellationToken: TestContext.Current.CancellationToken))
        {
            foreach (var record in batch)
            {
                Assert.Equal(8U, batch.First.SourceId);
                seen.Add(BlockView.TryRead(in record, out var block)
                    ? $"{record.Lsn} block {block.Record.Slot} leader {block.Record.Leader == Make.Key(77)} {block.Record.Stage}"
                    : TransactionView.TryRead(in record, out var view) ? $"{record.Lsn} {view.Record.Slot} {view.Record.IndexInBlock} {view.Record.BlockTimeSeconds} {view.Record.Stage} {view.Wire.Length > 0}" : "?");
            }

            batch.Release();
        }

        Assert.Equal(
            [
                "9:1 block 309 leader True Confirmed", "9:2 309 0 1724000000 Confirmed True",
                "9:3 block 310 leader True Confirmed", "9:4 310 0 1724000000 Confirmed True", "9:5 310 1 1724000000 Confirmed True",
            ],
            seen);
    }

    [Fact]
    public async Task Second_run_takes_only_what_is_new()
    {
        _folder.AddBlock(300);
        _folder.AddBlock(302);
        await ImportAsync();
        _folder.AddBlock(301);
        _folder.AddBlock(303);

        var report = await ImportAsync();

        Assert.Equal((2, 2), (report.Files, report.FilesBefore));
        Assert.Equal(Lsn.Create(0xFF00, 9), report.FirstLsn);
        JsonFolder.AssertEqual([.. ((ulong[])[300, 302, 301, 303]).Select(slot => _folder.Documents[slot])], await DocumentsAsync());
    }

    [Theory]
    [InlineData("imports/")]
    [InlineData("objects/")]
    public async Task Import_that_broke_off_goes_on_behind_its_last_object(string at)
    {
        // Files large enough that each is an object of its own: 1 MiB is the least that an object has.
        for (var slot = 300UL; slot < 304; slot++)
        {
            _folder.AddBlock(slot, 1);
            var padded = _folder.Documents[slot].Replace("\"rewards\":[", $"\"padding\":\"{new string('x', 1_100_000)}\",\"rewards\":[", StringComparison.Ordinal);
            _folder.Add(slot, $"block-{slot}.json", padded);
        }

        var writes = 0;
        _store.OnWrite = name =>
        {
            if (name.StartsWith(at, StringComparison.Ordinal) && ++writes == 3)
            {
                throw new IOException("the store is gone");
            }
        };
        var options = new ArchiveImportOptions { ObjectBytes = 1 << 20 };

        await Assert.ThrowsAsync<IOException>(() => ImportAsync(options));
        _store.OnWrite = null;
        var report = await ImportAsync(options);

        Assert.Equal((2, 2, 2), (report.Files, report.FilesBefore, report.Objects));
        JsonFolder.AssertEqual(_folder.Documents.Values, await DocumentsAsync());
    }

    [Theory]
    [InlineData("{\"parentSlot\":1,\"transactions\":[{}", "line 1")]
    [InlineData("[]", "getBlock")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32009,\"message\":\"gone\"},\"id\":1}", "-32009")]
    [InlineData("{\"parentSlot\":\"x\",\"transactions\":[]}", "parentSlot")]
    [InlineData("{\"parentSlot\":1,\"transactions\":[{\"transaction\":[\"!!\",\"base64\"],\"meta\":null}]}", "transactions[0]")]
    [InlineData("{\"transaction\":[\"AA==\",\"base64\"],\"meta\":null}", "slot")]
    [InlineData("{\"parentSlot\":1,\"parentSlot\":1,\"transactions\":[]}", "made again")]
    public async Task Bad_file_is_told_with_its_place_and_nothing_of_it_kept(string json, string place)
    {
        _folder.AddBlock(300);
        _folder.Write("bad-299.json", System.Text.Encoding.UTF8.GetBytes(json));

        var report = await ImportAsync();

        var problem = Assert.Single(report.Problems);
        Assert.Equal("bad-299.json", problem.File);
        Assert.Contains(place, problem.Problem, StringComparison.Ordinal);
        Assert.Contains("bad-299.json: ", problem.ToString(), StringComparison.Ordinal);
        Assert.True(report.IsComplete);
        JsonFolder.AssertEqual(_folder.Documents.Values, await DocumentsAsync());
    }

    [Fact]
    public async Task Bad_file_ends_the_import_where_that_is_wanted()
    {
        _folder.AddBlock(300);
        _folder.Write("bad-301.json.gz", [1, 2, 3]);
        await File.WriteAllBytesAsync(Path.Combine(_folder.Path, "bad-301.json.gz"), [1, 2, 3], TestContext.Current.CancellationToken);
        _folder.AddBlock(302);

        var report = await ImportAsync(new ArchiveImportOptions { OnBadFile = BadFileAction.Stop });

        Assert.False(report.IsComplete);
        Assert.Equal(1, report.Files);
        JsonFolder.AssertEqual([_folder.Documents[300]], await DocumentsAsync());
    }

    [Fact]
    public async Task File_beyond_the_limit_is_not_read()
    {
        _folder.Write("block-300.json", new byte[(1 << 20) + 1]);
        _folder.Write("block-301.json.gz", new byte[(1 << 20) + 1]);

        var report = await ImportAsync(new ArchiveImportOptions { MaxFileBytes = 1 << 20 });

        Assert.Equal(2, report.Problems.Count);
        Assert.All(report.Problems, static problem => Assert.Contains("MaxFileBytes", problem.Problem, StringComparison.Ordinal));
        Assert.Equal(0, report.Objects);
    }

    [Fact]
    public async Task Progress_ends_with_everything_done()
    {
        _folder.AddBlock(300);
        _folder.AddBlock(301);
        await ImportAsync();
        _folder.AddBlock(302);
        _folder.Write("bad-303.json", "x"u8.ToArray());
        var told = new List<ArchiveImportProgress>();

        await new ArchiveImporter(_store).ImportAsync(_folder.Path, new Listener(told), TestContext.Current.CancellationToken);

        var last = told[^1];
        Assert.Equal((4, 4, 1, 1, 3L), (last.Files, last.FilesTotal, last.Problems, last.Objects, last.Transactions));
        Assert.Equal(last.BytesTotal, last.Bytes);
        Assert.Equal(TimeSpan.Zero, last.Remaining);
        Assert.True(last.BytesPerSecond > 0);
        Assert.Equal(0, told[0].Files);
        Assert.Equal("bad-303.json", last.File);
    }

    [Fact]
    public async Task Log_id_of_somebody_else_is_refused()
    {
        using (var content = new MemoryStream([1]))
        {
            await _store.WriteAsync(ArchiveNames.Of(Lsn.Create(0xFF00, 1), Lsn.Create(0xFF00, 2)), content, BlobCondition.None, TestContext.Current.CancellationToken);
        }

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => ImportAsync());

        Assert.Contains("LogId", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelled_import_leaves_whole_objects_only()
    {
        _folder.AddBlock(300);
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await new ArchiveImporter(_store).ImportAsync(_folder.Path, cancellationToken: cancellation.Token));

        Assert.Empty(await new ArchiveSet(_store).RefreshAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Folder_that_there_is_not_is_told() =>
        await Assert.ThrowsAsync<DirectoryNotFoundException>(async () => await new ArchiveImporter(_store).ImportAsync(Path.Combine(_folder.Path, "nowhere"), cancellationToken: TestContext.Current.CancellationToken));

    [Fact]
    public void Options_out_of_range_are_refused_by_key()
    {
        var options = new ArchiveImportOptions { ObjectBytes = 1, MaxFileBytes = 1, OnBadFile = (BadFileAction)9, ParallelFiles = 0, Writer = new ArchiveWriterOptions { RootBytes = 0 } };

        var refused = Assert.Throws<ArgumentException>(() => new ArchiveImporter(_store, options));

        Assert.All((string[])["Import:ObjectBytes", "Import:MaxFileBytes", "Import:OnBadFile", "Import:ParallelFiles", "Archive:RootBytes"], key => Assert.Contains(key, refused.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Transaction_of_another_source_is_rendered_as_nodes_do()
    {
        _folder.AddBlock(300, 1);
        await ImportAsync();
        await foreach (var batch in new ArchiveSet(_store).ReadAsync(cancellationToken: TestContext.Current.CancellationToken))
        {
            foreach (var record in batch)
            {
                if (record.Header.TemplateId == TemplateIds.Transaction)
                {
                    JsonFolder.AssertEqual([JsonFolder.Transaction(30_000)], [ArchiveJson.RenderTransaction(in record, [])]);
                }
                else
                {
                    var frame = record.Frame.ToArray();
                    Assert.Throws<ArgumentException>(() => ArchiveJson.RenderTransaction(new RecordView(Lsn.None, frame), []));
                }
            }

            batch.Release();
        }
    }

    [Fact]
    public async Task Block_without_its_transactions_is_told()
    {
        _folder.AddBlock(300, 3);
        await ImportAsync();

        var refused = await Assert.ThrowsAsync<InvalidDataException>(async () =>
            await DocumentsAsync(new ArchiveRange { To = Lsn.Create(0xFF00, 3) }));

        Assert.Contains("65280:1", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 32 })]
    [InlineData(new byte[] { 8 })]
    [InlineData(new byte[] { 8, 1, 65, 9, 0, 0, 0 })]
    [InlineData(new byte[] { 8, 1, 65, 1, 0, 0, 0, 33 })]
    [InlineData(new byte[] { 0, 255, 255 })]
    public void Residual_that_is_none_is_told(byte[] residual)
    {
        using var document = System.Text.Json.JsonDocument.Parse(JsonFolder.Transaction(1));
        var parts = TransactionRendering.ToWireAndMeta(document.RootElement);
        var record = default(TransactionRecord);
        var frame = new byte[TransactionView.GetFrameLength(0, parts.Wire.Length, parts.Meta.Length)];
        TransactionView.Write(frame, 0, in record, [], parts.Wire, parts.Meta);

        Assert.Throws<InvalidDataException>(() => ArchiveJson.RenderTransaction(new RecordView(Lsn.None, frame), residual));
    }

    [Fact]
    public async Task Real_files_come_back_equal()
    {
        var files = ChainData.Files("solana/transactions", "*.json").Concat(ChainData.Files("solana/getblock-encodings", "*.json")).ToList();
        Assert.SkipWhen(files.Count == 0, ChainData.MissingReason);
        foreach (var file in files)
        {
            File.Copy(file, Path.Combine(_folder.Path, Path.GetFileName(file)));
        }

        var report = await ImportAsync();

        Assert.Empty(report.Problems);
        Assert.Equal(files.Count, report.Files);
        var found = (await DocumentsAsync()).Select(static json => Canonical(json)).Order(StringComparer.Ordinal);
        Assert.Equal(files.Select(static file => Canonical(File.ReadAllBytes(file))).Order(StringComparer.Ordinal), found);
    }

    // Members by name, so that equal values are equal texts.
    private static string Canonical(byte[] json)
    {
        using var document = System.Text.Json.JsonDocument.Parse(json);
        return Write(document.RootElement);

        static string Write(System.Text.Json.JsonElement element) => element.ValueKind switch
        {
            System.Text.Json.JsonValueKind.Object => "{" + string.Join(',', element.EnumerateObject().OrderBy(static member => member.Name, StringComparer.Ordinal).Select(static member => member.Name + ":" + Write(member.Value))) + "}",
            System.Text.Json.JsonValueKind.Array => "[" + string.Join(',', element.EnumerateArray().Select(Write)) + "]",
            System.Text.Json.JsonValueKind.Number => element.GetDouble().ToString("R", System.Globalization.CultureInfo.InvariantCulture),
            _ => element.ToString(),
        };
    }

    private Task<ArchiveImportReport> ImportAsync(ArchiveImportOptions? options = null) =>
        new ArchiveImporter(_store, options).ImportAsync(_folder.Path, cancellationToken: TestContext.Current.CancellationToken).AsTask();

    private async Task<List<byte[]>> DocumentsAsync(ArchiveRange range = default)
    {
        var documents = new List<byte[]>();
        await foreach (var document in ArchiveJson.ReadDocumentsAsync(new ArchiveSet(_store).ReadArchivedAsync(range, cancellationToken: TestContext.Current.CancellationToken), TestContext.Current.CancellationToken))
        {
            documents.Add(document);
        }

        return documents;
    }

    private sealed class Listener(List<ArchiveImportProgress> told) : IProgress<ArchiveImportProgress>
    {
        public void Report(ArchiveImportProgress value) => told.Add(value);
    }
}
