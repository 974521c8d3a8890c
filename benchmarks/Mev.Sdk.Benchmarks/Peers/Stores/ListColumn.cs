using System.Globalization;
using System.Text;

namespace Mev.Sdk.Benchmarks.Peers.Stores;

/// <summary>One list of a transaction on its way into a database that has lists.</summary>
/// <param name="name">Column name.</param>
/// <param name="kind">What its elements are.</param>
internal sealed class ListColumn(string name, ListKind kind)
{
    // Elements are told apart by a unit separator, and each starts with a letter, so that an empty list and a list of an empty element differ.
    private const char Separator = '\u001f';

    private readonly StringBuilder _text = new();

    public string Name => name;

    /// <summary>The column as SQL of DuckDB makes it from its staged text.</summary>
    public string Sql => kind switch
    {
        ListKind.Bytes => List("BLOB", "unhex(v[2:])"),
        ListKind.Text => List("VARCHAR", "v[2:]"),
        ListKind.Small => List("UTINYINT", "v[2:]::UTINYINT"),
        _ => List("UBIGINT", "v[2:]::UBIGINT"),
    };

    public void Add(ReadOnlySpan<byte> element)
    {
        var text = kind == ListKind.Text ? Encoding.UTF8.GetString(element) : Convert.ToHexString(element);
        if (text.Contains(Separator, StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"A line of {name} holds the separator that lists are staged with.");
        }

        Begin().Append(text);
    }

    public void Add(ulong element) => Begin().Append(element.ToString(CultureInfo.InvariantCulture));

    /// <summary>The staged text; the column is empty again.</summary>
    public string Take()
    {
        var text = _text.ToString();
        _text.Clear();
        return text;
    }

    private StringBuilder Begin() => (_text.Length > 0 ? _text.Append(Separator) : _text).Append('e');

    private string List(string type, string element) =>
        $"CASE WHEN {name} = '' THEN []::{type}[] ELSE list_transform(string_split({name}, chr(31)), lambda v: {element}) END AS {name}";
}
