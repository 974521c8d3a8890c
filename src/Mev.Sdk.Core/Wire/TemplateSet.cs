namespace Mev.Sdk.Wire;

/// <summary>Some of the record kinds, for readers that want no others.</summary>
/// <param name="Bits">Bit t stands for template id t, 1-63; bit 0 has no meaning. 0 = every kind.</param>
public readonly record struct TemplateSet(ulong Bits)
{
    /// <summary>Every kind: no filter.</summary>
    public static TemplateSet All => default;

    /// <summary>Makes a set.</summary>
    /// <param name="templateIds">Ids of records, 1-63.</param>
    /// <returns>The set; without any id it is <see cref="All"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An id is none of a record.</exception>
    public static TemplateSet Of(params ReadOnlySpan<ushort> templateIds)
    {
        var bits = 0UL;
        foreach (var id in templateIds)
        {
            if (!TemplateIds.IsRecord(id))
            {
                throw new ArgumentOutOfRangeException(nameof(templateIds), id, "Ids of records are 1-63.");
            }

            bits |= 1UL << id;
        }

        return new TemplateSet(bits);
    }

    /// <summary>Whether records of a kind are wanted.</summary>
    /// <param name="templateId">The id.</param>
    /// <returns>True when the set is <see cref="All"/> or holds it.</returns>
    public bool Contains(ushort templateId) => Bits == 0 || (TemplateIds.IsRecord(templateId) && (Bits & (1UL << templateId)) != 0);
}
