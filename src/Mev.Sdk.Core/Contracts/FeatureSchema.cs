using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Mev.Sdk;

/// <summary>Ordered names and units of a feature vector, and their hash. A model carries the hash and refuses another.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class FeatureSchema
{
    private readonly FeatureColumn[] _columns;

    /// <summary>Makes a schema.</summary>
    /// <param name="columns">The columns in order; names are unique.</param>
    /// <exception cref="ArgumentException">There is no column, or a name occurs twice.</exception>
    public FeatureSchema(IEnumerable<FeatureColumn> columns)
    {
        _columns = [.. columns];
        if (_columns.Length == 0)
        {
            throw new ArgumentException("A feature schema has at least one column.", nameof(columns));
        }

        var twice = _columns.GroupBy(static c => c.Name, StringComparer.Ordinal).FirstOrDefault(static g => g.Count() > 1);
        if (twice is not null)
        {
            throw new ArgumentException($"The feature '{twice.Key}' occurs {twice.Count()} times; names are unique.", nameof(columns));
        }

        // SHA-256 over "name\tunit\tversion\n" of every column in order; its first 8 bytes are the hash on the wire.
        var text = string.Concat(_columns.Select(static c => string.Create(CultureInfo.InvariantCulture, $"{c.Name}\t{c.Unit}\t{c.Version}\n")));
        Hash = BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>The columns in order.</summary>
    public IReadOnlyList<FeatureColumn> Columns => _columns;

    /// <summary>Columns in a vector.</summary>
    public int Count => _columns.Length;

    /// <summary>Changes with any name, unit, version or order.</summary>
    public ulong Hash { get; }

    /// <summary>The hash as 16 hexadecimal digits.</summary>
    public string HashText => Hash.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>Refuses a vector or a model of another schema.</summary>
    /// <param name="other">The hash that was met.</param>
    /// <param name="what">What carries it, for the message.</param>
    /// <exception cref="InvalidOperationException">The hashes differ; the message names both.</exception>
    public void ThrowIfDifferent(ulong other, string what)
    {
        if (other != Hash)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"{what} was made for feature schema {other:x16}, this host computes {Hash:x16}: train a new model or run the version that made it."));
        }
    }
}
