using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Mev.Sdk.Storage.Archive;

/// <summary>A part of an archive object that is not what was written.</summary>
/// <param name="Object">The object's name.</param>
/// <param name="Section">Which part, as in "leaf 7" or "the blocks' index".</param>
/// <param name="Offset">Where it stands in the object, bytes.</param>
/// <param name="Length">Its length, bytes.</param>
/// <param name="Problem">What is wrong with it.</param>
public sealed record ArchiveDamage(string Object, string Section, long Offset, long Length, string Problem)
{
    private static readonly object Key = new();

    /// <summary>The first record that cannot be read because of it; <see cref="Lsn.None"/> when it costs no record, or nobody can tell which.</summary>
    public Lsn FirstLsn { get; init; }

    /// <summary>The last of them.</summary>
    public Lsn LastLsn { get; init; }

    /// <summary>Finds the damage that an exception of this package tells of.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="damage">The damage.</param>
    /// <returns>False when it tells of none.</returns>
    public static bool TryGet(InvalidDataException exception, [NotNullWhen(true)] out ArchiveDamage? damage)
    {
        ArgumentNullException.ThrowIfNull(exception);
        damage = exception.Data[Key] as ArchiveDamage;
        return damage is not null;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"The archive object '{Object}' is damaged: {Section}, {Length} bytes at byte {Offset}: {Problem}.")
        + (FirstLsn == Lsn.None ? "" : $" Records from LSN {FirstLsn} to {LastLsn} cannot be read from it.")
        + " Nothing was changed; restore the object from a copy.";

    internal InvalidDataException ToException(Exception? cause = null)
    {
        ArchiveMetrics.Damages.Add(1);
        var exception = new InvalidDataException(ToString(), cause);
        exception.Data[Key] = this;
        return exception;
    }
}
