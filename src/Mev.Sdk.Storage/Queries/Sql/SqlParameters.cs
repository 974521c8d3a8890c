using System.Globalization;

namespace Mev.Sdk.Storage.Queries;

/// <summary>Collects the parameters of a statement.</summary>
internal sealed class SqlParameters
{
    private readonly List<SqlParameter> _parameters = [];

    public IReadOnlyList<SqlParameter> All => _parameters;

    public int Add(string type, object value)
    {
        _parameters.Add(new SqlParameter("p" + (_parameters.Count + 1).ToString(CultureInfo.InvariantCulture), type, value));
        return _parameters.Count;
    }
}
