namespace Mev.Sdk.Storage.Queries;

/// <summary>A parameter of a <see cref="SqlStatement"/>, in its place.</summary>
/// <param name="Name">Its name without a prefix: <c>p1</c>, <c>p2</c>, in order.</param>
/// <param name="Type">The type by its name in the database, such as <c>UInt64</c> or <c>bigint</c>.</param>
/// <param name="Value">A <see cref="long"/>, <see cref="ulong"/>, <see cref="double"/>, <see cref="string"/>, <see cref="byte"/> array or <see cref="DateTime"/> in UTC.</param>
public sealed record SqlParameter(string Name, string Type, object Value);
