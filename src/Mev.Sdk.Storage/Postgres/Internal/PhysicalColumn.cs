namespace Mev.Sdk.Storage.Postgres;

/// <summary>A column as PostgreSQL has it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type, in SQL.</param>
/// <param name="Alignment">Bytes that its values are aligned to in a row: columns are laid out from the greatest to the smallest, so that nothing is padded.</param>
/// <param name="IsNotNull">Whether it is never null.</param>
internal readonly record struct PhysicalColumn(string Name, string Type, int Alignment, bool IsNotNull);
