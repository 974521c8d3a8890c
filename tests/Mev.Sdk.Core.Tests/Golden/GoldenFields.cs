using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Mev.Sdk.Tests.Golden;

/// <summary>Puts the manifest's values into a struct's fields, and tells a struct's fields as the manifest does.</summary>
internal static class GoldenFields
{
    public static T Make<T>(List<(string Name, string Value)> values)
        where T : unmanaged
    {
        object box = default(T);
        var fields = typeof(T).GetFields(BindingFlags.Public | BindingFlags.Instance);
        Assert.Equal(fields.Select(field => Camel(field.Name)), values.Select(value => value.Name));
        for (var i = 0; i < fields.Length; i++)
        {
            fields[i].SetValue(box, Parse(fields[i].FieldType, values[i].Value));
        }

        return (T)box;
    }

    public static List<(string Name, string Value)> Tell<T>(T value)
        where T : unmanaged =>
        [.. typeof(T).GetFields(BindingFlags.Public | BindingFlags.Instance).Select(field => (Camel(field.Name), Text(field.GetValue(value)!)))];

    private static object Parse(Type type, string text)
    {
        if (type.IsEnum)
        {
            return Enum.ToObject(type, ulong.Parse(text, CultureInfo.InvariantCulture));
        }

        if (text[0] != 'x')
        {
            return Convert.ChangeType(text, type, CultureInfo.InvariantCulture);
        }

        // Structs of bytes: their memory is the wire's.
        var bytes = Convert.FromHexString(text.AsSpan(1));
        Assert.Equal(Marshal.SizeOf(type), bytes.Length);
        var pinned = GCHandle.Alloc(bytes, GCHandleType.Pinned);
        try
        {
            return Marshal.PtrToStructure(pinned.AddrOfPinnedObject(), type)!;
        }
        finally
        {
            pinned.Free();
        }
    }

    private static string Text(object value)
    {
        switch (value)
        {
            case Enum:
                return Convert.ToUInt64(value, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
            case float number:
                return ((double)number).ToString("R", CultureInfo.InvariantCulture);
            case IConvertible number:
                return number.ToString(CultureInfo.InvariantCulture);
            default:
                var bytes = new byte[Marshal.SizeOf(value)];
                var pinned = GCHandle.Alloc(bytes, GCHandleType.Pinned);
                Marshal.StructureToPtr(value, pinned.AddrOfPinnedObject(), fDeleteOld: false);
                pinned.Free();
                return "x" + Convert.ToHexStringLower(bytes);
        }
    }

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
