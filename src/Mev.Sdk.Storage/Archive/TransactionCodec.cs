using Mev.Sdk.Storage.Archive.Coding;
using Mev.Sdk.Storage.Archive.Columns;
using Mev.Sdk.Storage.Archive.Derivation;
using Mev.Sdk.Storage.Archive.Transactions;

namespace Mev.Sdk.Storage.Archive;

/// <summary>Codes transactions one after the other through all columns; one code for both directions.</summary>
internal sealed class TransactionCodec
{
    private readonly BlockState _state;
    private readonly KeyColumn _keys;
    private readonly HeaderColumn _header;
    private readonly DataColumn _data;
    private readonly StepColumn _steps;
    private readonly TokenColumn _tokens;
    private readonly BalanceColumn _balances;
    private readonly StatusColumn _status;
    private readonly LogTextColumn _texts;
    private readonly LogColumn _log;
    private readonly DerivationColumn _derivations;
    private readonly DerivationFinder _finder;

    public TransactionCodec(BlockState state, KeyTexts names)
    {
        _state = state;
        _keys = new KeyColumn(state);
        _header = new HeaderColumn(state, _keys);
        _data = new DataColumn(state);
        _steps = new StepColumn(state, _data);
        _tokens = new TokenColumn(state, _keys);
        _balances = new BalanceColumn(state);
        _status = new StatusColumn(state, _keys, _data);
        _texts = new LogTextColumn(state, _data, names);
        _log = new LogColumn(state, _texts, names);
        _derivations = new DerivationColumn(state);
        _finder = new DerivationFinder(state);
    }

    public DataColumn Data => _data;

    /// <summary>Price of a compute unit that the transaction asks for; 0 = none.</summary>
    public ulong UnitPrice => _status.UnitPrice;

    /// <summary>Compute units that it asks for; 0 = it does not say.</summary>
    public ulong UnitLimitAsked => _status.UnitLimitAsked;

    public void Clear()
    {
        _state.Clear();
        _keys.Clear();
        _header.Clear();
        _data.Clear();
        _steps.Clear();
        _tokens.Clear();
        _texts.Clear();
        _log.Clear();
        _status.Clear();
        _finder.Clear();
    }

    /// <summary>Copies what all columns have learned.</summary>
    public void Copy(StateCopy copy)
    {
        _state.Copy(copy);
        _keys.Copy(copy);
        _header.Copy(copy);
        _data.Copy(copy);
        _steps.Copy(copy);
        _tokens.Copy(copy);
        _texts.Copy(copy);
        _log.Copy(copy);
        _status.Copy(copy);
        if (!copy.IsSaving)
        {
            _finder.Clear();
        }
    }

    /// <summary>Codes <see cref="BlockState.Model"/>, or fills it.</summary>
    public void Code()
    {
        var model = _state.Model;
        _state.BeginTransaction();
        if (_state.IsDecoding)
        {
            model.Clear();
        }
        else
        {
            _finder.Find(model);
        }

        var payerIsKnown = _header.Code(_finder.IsDerived);
        if (_state.IsDecoding)
        {
            for (var i = 0; i < _state.KeyCount; i++)
            {
                model.Keys.Add(_state.Keys.Bytes(_state.Ids[i]));
            }
        }

        if (model.HasMeta)
        {
            _status.CodeError();
        }

        _steps.Code(payerIsKnown);
        _status.ReadBudget();
        if (!model.HasMeta)
        {
            _derivations.Code(_finder.Found);
            return;
        }

        _status.CodeFee();
        _tokens.Code();
        _derivations.Code(_finder.Found);
        if (_state.IsDecoding)
        {
            NameTokens();
        }

        _balances.Code();
        _log.Code(_status.UnitLimit);
        _status.CodeEnd(_log.Units);
    }

    // Mints and owners that were derived have their bytes only now.
    private void NameTokens()
    {
        for (var i = 0; i < _state.KeyCount; i++)
        {
            ref readonly var row = ref _state.Keys[_state.Ids[i]];
            ref var token = ref _state.Model.Tokens[i];
            if (token.IsBefore || token.IsAfter)
            {
                (token.Mint, token.Owner, token.Program) = (_state.Keys.Bytes(row.Mint), _state.Keys.Bytes(row.Owner), _state.Keys.Bytes(row.Program));
            }
        }
    }
}
