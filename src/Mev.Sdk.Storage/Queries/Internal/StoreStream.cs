namespace Mev.Sdk.Storage.Queries;

/// <summary>One statement's rows, one at a time; what goes wrong in it names the store.</summary>
internal sealed class StoreStream(StoreSpan part, HistoryQuery query, int kind, AskState state) : IAsyncDisposable
{
    private IAsyncEnumerator<HistoryRow>? _rows;

    public StoreSpan Part => part;

    /// <summary>Which of a question's statements it is.</summary>
    public int Kind => kind;

    public HistoryRow Current => _rows!.Current;

    public long Rows { get; private set; }

    public TimeSpan FirstAfter { get; private set; }

    public async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        try
        {
            var isFirst = _rows is null;
            _rows ??= part.Store.ReadAsync(query, cancellationToken).GetAsyncEnumerator(cancellationToken);
            var moved = await _rows.MoveNextAsync().ConfigureAwait(false);
            if (isFirst)
            {
                FirstAfter = state.Elapsed;
                state.Begun(this);
            }

            if (moved)
            {
                Rows++;
                state.Read(this);
            }
            else
            {
                state.Ended(this);
            }

            return moved;
        }
        catch (Exception e) when (e is not (HistoryQueryException or HistoryStoreException) && (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested))
        {
            throw new HistoryStoreException(part.Store.Name, part.Span, e);
        }
    }

    public ValueTask DisposeAsync() => _rows?.DisposeAsync() ?? ValueTask.CompletedTask;
}
