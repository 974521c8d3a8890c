using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Mev.Sdk.Configuration;

/// <summary>What keys a section of the configuration may have, taken from an options class. Compiled into each package that binds options, so that it is nobody's public surface.</summary>
internal sealed class OptionShape
{
    private readonly Dictionary<string, OptionShape> _children = new(StringComparer.OrdinalIgnoreCase);
    private readonly Type? _value;

    private OptionShape(Type? value = null) => _value = value;

    /// <summary>A section that somebody else checks.</summary>
    public static OptionShape Foreign { get; } = new();

    /// <summary>The shape of each element of a list or dictionary; null when it is none.</summary>
    public OptionShape? Element { get; private init; }

    /// <summary>Whether a value stands here, and nothing below it.</summary>
    public bool IsValue => _value is not null;

    public IReadOnlyDictionary<string, OptionShape> Children => _children;

    /// <summary>The keys of an options class.</summary>
    /// <typeparam name="T">The class; its properties of simple types, and lists and dictionaries of texts, are keys.</typeparam>
    /// <param name="nested">The shapes of its other properties, and of keys that are not properties.</param>
    /// <exception cref="InvalidOperationException">A property is itself of an options class, and its shape was not given.</exception>
    public static OptionShape Of<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>(params (string Key, OptionShape Shape)[] nested)
    {
        var shape = new OptionShape();
        foreach (var (key, child) in nested)
        {
            shape._children.Add(key, child);
        }

        foreach (var property in typeof(T).GetProperties())
        {
            if (shape._children.ContainsKey(property.Name))
            {
                continue;
            }

            var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            if (type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(TimeSpan))
            {
                shape._children.Add(property.Name, new OptionShape(type));
            }
            else if (type == typeof(IList<string>) || type == typeof(IDictionary<string, string>))
            {
                shape._children.Add(property.Name, Each(new OptionShape(typeof(string))));
            }
            else if (type.Namespace?.StartsWith("Mev.", StringComparison.Ordinal) == true || Array.Exists(type.GenericTypeArguments, static t => t.Namespace?.StartsWith("Mev.", StringComparison.Ordinal) == true))
            {
                throw new InvalidOperationException($"{typeof(T).Name}.{property.Name} has no shape: state one where the options are checked.");
            }
        }

        return shape;
    }

    /// <summary>A group of sections without options of its own.</summary>
    public static OptionShape Group(params (string Key, OptionShape Shape)[] nested) => Of<object>(nested);

    /// <summary>A list or dictionary.</summary>
    public static OptionShape Each(OptionShape element) => new() { Element = element };

    /// <summary>What to write instead of a value, or null when the binder can take it.</summary>
    public string? Advise(string value) => _value switch
    {
        { IsEnum: true } => Enum.TryParse(_value, value, ignoreCase: true, out var parsed) && Enum.IsDefined(_value, parsed)
            ? null
            : "give " + Join(Enum.GetNames(_value)),
        _ when _value == typeof(bool) => bool.TryParse(value, out _) ? null : "give true or false",
        _ when _value == typeof(TimeSpan) => TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out _) ? null : "give a time as HH:MM:SS or HH:MM:SS.FFF, as in 00:00:05",
        _ when _value == typeof(double) => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? null : "give a number, with a point before its decimals",
        { IsPrimitive: true } => IsWhole(value) ? null : "give a whole number without separators" + Range(),
        _ => null,
    };

    private static string Join(string[] names) => names.Length == 1 ? names[0] : string.Join(", ", names[..^1]) + " or " + names[^1];

    // The binder takes hexadecimal too, which nobody writes by accident.
    private bool IsWhole(string value) =>
        value.TrimStart().StartsWith("0x", StringComparison.OrdinalIgnoreCase)
        || (decimal.TryParse(value, NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number)
            && Bounds() is var (least, most) && number >= least && number <= most);

    private string Range() => Bounds() is var (least, most) ? string.Create(CultureInfo.InvariantCulture, $" from {least} to {most}") : "";

    private (decimal Least, decimal Most) Bounds() => Type.GetTypeCode(_value) switch
    {
        TypeCode.Byte => (byte.MinValue, byte.MaxValue),
        TypeCode.Int16 => (short.MinValue, short.MaxValue),
        TypeCode.UInt16 => (ushort.MinValue, ushort.MaxValue),
        TypeCode.Int32 => (int.MinValue, int.MaxValue),
        TypeCode.UInt32 => (uint.MinValue, uint.MaxValue),
        TypeCode.UInt64 => (ulong.MinValue, ulong.MaxValue),
        _ => (long.MinValue, long.MaxValue),
    };
}
