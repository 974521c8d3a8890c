using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace Mev.Sdk.Storage.Postgres;

/// <summary>Ids of keys and of words (versions of models): those seen lately are remembered, others asked for, new ones given.</summary>
/// <remarks>Used by the projector alone, in its transaction: when that is not committed, this object must be made anew.</remarks>
internal sealed class NameIds(int keyCache)
{
    private const int WordCache = 4096;

    private readonly IdCache<Pubkey> _keys = new(keyCache);
    private readonly IdCache<string> _words = new(WordCache);
    private readonly Dictionary<Pubkey, int> _newKeys = [];
    private readonly Dictionary<string, int> _newWords = new(StringComparer.Ordinal);
    private readonly List<Pubkey> _keyOrder = [];
    private readonly List<string> _wordOrder = [];
    private readonly List<(IdList Ids, int Place, bool IsKey, int Index)> _open = [];
    private int _lastKey;
    private int _lastWord;

    /// <summary>Reads which ids are given.</summary>
    public async Task LoadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        _lastKey = Convert.ToInt32(await connection.ScalarAsync("SELECT coalesce(max(id), 0) FROM keys", cancellationToken).ConfigureAwait(false), CultureInfo.InvariantCulture);
        _lastWord = Convert.ToInt32(await connection.ScalarAsync("SELECT coalesce(max(id), 0) FROM words", cancellationToken).ConfigureAwait(false), CultureInfo.InvariantCulture);
    }

    /// <summary>Adds the id of a key to a list; <see cref="ResolveAsync"/> puts it right when it is not known yet.</summary>
    public void Note(in Pubkey key, IdList ids)
    {
        if (_keys.TryGet(in key, out var id))
        {
            ids.Add(id);
            return;
        }

        if (!_newKeys.TryGetValue(key, out var index))
        {
            index = _keyOrder.Count;
            _newKeys.Add(key, index);
            _keyOrder.Add(key);
        }

        _open.Add((ids, ids.Count, true, index));
        ids.Add(0);
    }

    /// <summary>Adds the id of a word to a list; <see cref="ResolveAsync"/> puts it right when it is not known yet.</summary>
    public void Note(string word, IdList ids)
    {
        if (_words.TryGet(in word, out var id))
        {
            ids.Add(id);
            return;
        }

        if (!_newWords.TryGetValue(word, out var index))
        {
            index = _wordOrder.Count;
            _newWords.Add(word, index);
            _wordOrder.Add(word);
        }

        _open.Add((ids, ids.Count, false, index));
        ids.Add(0);
    }

    /// <summary>Finds or gives the ids that are open.</summary>
    public async Task ResolveAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (_open.Count == 0)
        {
            return;
        }

        var keys = await ResolveKeysAsync(connection, cancellationToken).ConfigureAwait(false);
        var words = await ResolveWordsAsync(connection, cancellationToken).ConfigureAwait(false);
        foreach (var (ids, place, isKey, index) in _open)
        {
            ids[place] = isKey ? keys[index] : words[index];
        }

        for (var i = 0; i < keys.Length; i++)
        {
            _keys.Add(_keyOrder[i], keys[i]);
        }

        for (var i = 0; i < words.Length; i++)
        {
            _words.Add(_wordOrder[i], words[i]);
        }

        _open.Clear();
        _newKeys.Clear();
        _newWords.Clear();
        _keyOrder.Clear();
        _wordOrder.Clear();
    }

    private async Task<int[]> ResolveKeysAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (_keyOrder.Count == 0)
        {
            return [];
        }

        var values = _keyOrder.Select(static k => Pubkey.AsSpan(in k).ToArray()).ToArray();
        var ids = await FindAsync(connection, "SELECT u.i::int4, k.id FROM unnest($1) WITH ORDINALITY u(key, i) JOIN keys k ON k.key = u.key",
            new NpgsqlParameter<byte[][]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea }, values.Length, cancellationToken).ConfigureAwait(false);
        using var rows = new CopyBuffer();
        for (var i = 0; i < ids.Length; i++)
        {
            if (ids[i] == 0)
            {
                ids[i] = checked(++_lastKey);
                rows.BeginRow(2);
                rows.Int32(ids[i]);
                rows.Bytes(values[i]);
            }
        }

        await AddAsync(connection, "keys", "id, key", rows, cancellationToken).ConfigureAwait(false);
        return ids;
    }

    private async Task<int[]> ResolveWordsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (_wordOrder.Count == 0)
        {
            return [];
        }

        var ids = await FindAsync(connection, "SELECT u.i::int4, w.id FROM unnest($1) WITH ORDINALITY u(word, i) JOIN words w ON w.word = u.word",
            new NpgsqlParameter<string[]> { TypedValue = [.. _wordOrder], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text }, _wordOrder.Count, cancellationToken).ConfigureAwait(false);
        using var rows = new CopyBuffer();
        for (var i = 0; i < ids.Length; i++)
        {
            if (ids[i] == 0)
            {
                ids[i] = checked(++_lastWord);
                rows.BeginRow(2);
                rows.Int32(ids[i]);
                rows.Bytes(System.Text.Encoding.UTF8.GetBytes(_wordOrder[i]));
            }
        }

        await AddAsync(connection, "words", "id, word", rows, cancellationToken).ConfigureAwait(false);
        return ids;
    }

    private static async Task<int[]> FindAsync(NpgsqlConnection connection, string sql, NpgsqlParameter names, int count, CancellationToken cancellationToken)
    {
        var ids = new int[count];
        var command = connection.Command(sql);
        await using var _ = command.ConfigureAwait(false);
        command.Parameters.Add(names);
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            ids[reader.GetInt32(0) - 1] = reader.GetInt32(1);
        }

        return ids;
    }

    private static async Task AddAsync(NpgsqlConnection connection, string table, string columns, CopyBuffer rows, CancellationToken cancellationToken)
    {
        if (rows.Length > 0)
        {
            await connection.CopyAsync(table, columns, [rows.Memory], cancellationToken).ConfigureAwait(false);
        }
    }
}
