using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Mev.Sdk.Tests.Wire;

/// <summary>
/// The rules of SBE 1.0 for message schemas (FIX Trading Community, "Simple Binary Encoding", version 1.0), said in code of our own: what elements and
/// attributes there are, as the standard's XSD has them, and what a generator relies on beyond that. The XSD itself is not copied here.
/// </summary>
internal sealed partial class SbeStandard
{
    private const string Namespace = "http://fixprotocol.io/2016/sbe";

    private static readonly Dictionary<string, (int Bytes, decimal Min, decimal Max)> Primitives = new(StringComparer.Ordinal)
    {
        ["char"] = (1, 0, 255), ["int8"] = (1, sbyte.MinValue, sbyte.MaxValue), ["int16"] = (2, short.MinValue, short.MaxValue),
        ["int32"] = (4, int.MinValue, int.MaxValue), ["int64"] = (8, long.MinValue, long.MaxValue), ["uint8"] = (1, 0, byte.MaxValue),
        ["uint16"] = (2, 0, ushort.MaxValue), ["uint32"] = (4, 0, uint.MaxValue), ["uint64"] = (8, 0, ulong.MaxValue), ["float"] = (4, 0, 0), ["double"] = (8, 0, 0),
    };

    // Element -> what it must have, what it may have, what it may hold in this order of stages (same letter = any order).
    private static readonly Dictionary<string, (string Required, string Optional, string[][] Children)> Elements = new(StringComparer.Ordinal)
    {
        ["messageSchema"] = ("id version", "package semanticVersion description byteOrder headerType", [["types"], ["message"]]),
        ["types"] = ("", "", [["type", "composite", "enum", "set"]]),
        ["type"] = ("name primitiveType", "nullValue minValue maxValue length characterEncoding presence valueRef offset " + Common, []),
        ["composite"] = ("name", "offset " + Common, [["type", "enum", "set", "composite", "ref"]]),
        ["ref"] = ("name type", "offset " + Common, []),
        ["enum"] = ("name encodingType", "offset " + Common, [["validValue"]]),
        ["validValue"] = ("name", "description sinceVersion deprecated", []),
        ["set"] = ("name encodingType", "offset " + Common, [["choice"]]),
        ["choice"] = ("name", "description sinceVersion deprecated", []),
        ["message"] = ("name id", "blockLength " + Common, [["field"], ["group"], ["data"]]),
        ["group"] = ("name id", "blockLength dimensionType " + Common, [["field"], ["group"], ["data"]]),
        ["field"] = ("name id type", "offset epoch timeUnit presence valueRef " + Common, []),
        ["data"] = ("name id type", "offset epoch timeUnit presence valueRef " + Common, []),
    };

    private const string Common = "semanticType description sinceVersion deprecated";

    private readonly List<string> _findings = [];
    private readonly Dictionary<string, XElement> _types = new(StringComparer.Ordinal);

    /// <summary>What breaks a rule, in words; empty for a valid schema.</summary>
    public static IReadOnlyList<string> Check(XElement schema)
    {
        var standard = new SbeStandard();
        if (schema.Name != XName.Get("messageSchema", Namespace))
        {
            return [$"the root is {schema.Name}"];
        }

        standard.CheckShape(schema);
        if (standard._findings.Count == 0)
        {
            standard.CheckMeaning(schema);
        }

        return standard._findings;
    }

    private void CheckShape(XElement element)
    {
        var name = element.Name.LocalName;
        if (!Elements.TryGetValue(name, out var rule) || (element.Name.NamespaceName.Length > 0) != (name is "messageSchema" or "message"))
        {
            _findings.Add($"{Where(element)} is no element of SBE");
            return;
        }

        var present = element.Attributes().Where(static a => !a.IsNamespaceDeclaration).ToDictionary(static a => a.Name.ToString(), static a => a.Value, StringComparer.Ordinal);
        var required = rule.Required.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        _findings.AddRange(required.Where(a => !present.ContainsKey(a)).Select(a => $"{Where(element)} has no {a}"));
        foreach (var (key, value) in present)
        {
            if (!required.Contains(key) && !rule.Optional.Split(' ').Contains(key))
            {
                _findings.Add($"{Where(element)} has {key}, which is no attribute of it");
            }
            else if (!IsGood(name, key, value))
            {
                _findings.Add($"{Where(element)} has {key} '{value}'");
            }
        }

        var stage = 0;
        foreach (var child in element.Elements())
        {
            var at = Array.FindIndex(rule.Children, names => names.Contains(child.Name.LocalName));
            if (at < stage)
            {
                _findings.Add($"{Where(child)} stands where it must not");
            }

            stage = Math.Max(stage, at);
            CheckShape(child);
        }

        if (rule.Children.Length == 1 && !element.HasElements)
        {
            _findings.Add($"{Where(element)} is empty");
        }
    }

    private static bool IsGood(string element, string attribute, string value) => attribute switch
    {
        "name" or "type" or "encodingType" or "dimensionType" or "headerType" => SymbolicName().IsMatch(value),
        "id" => ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _),
        "version" or "blockLength" or "length" or "offset" or "sinceVersion" or "deprecated" => uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _),
        "byteOrder" => value is "littleEndian" or "bigEndian",
        "presence" => value is "required" or "optional" or "constant",
        "primitiveType" => Primitives.ContainsKey(value),
        _ => element.Length > 0,
    };

    private void CheckMeaning(XElement schema)
    {
        foreach (var type in schema.Elements("types").Elements())
        {
            if (!_types.TryAdd(Name(type), type))
            {
                _findings.Add($"{Where(type)} is there twice");
            }
        }

        foreach (var element in schema.Descendants().Where(static e => e.Name.LocalName is "enum" or "set"))
        {
            CheckValues(element);
        }

        CheckComposite((string?)schema.Attribute("headerType") ?? "messageHeader", "blockLength", "templateId", "schemaId", "version");
        var messages = schema.Elements(XName.Get("message", Namespace)).ToList();
        CheckUnique(messages, "name");
        CheckUnique(messages, "id");
        messages.ForEach(CheckBlock);
        var version = (uint)schema.Attribute("version")!;
        _findings.AddRange(schema.Descendants().Where(e => (uint?)e.Attribute("sinceVersion") > version).Select(static e => $"{Where(e)} is newer than the schema"));
    }

    private void CheckValues(XElement element)
    {
        var encoding = (string)element.Attribute("encodingType")!;
        var primitive = _types.TryGetValue(encoding, out var type) ? (string?)type.Attribute("primitiveType") ?? "" : encoding;
        var isSet = element.Name == "set";
        if (!Primitives.TryGetValue(primitive, out var range) || !(isSet ? primitive[0] == 'u' : primitive is not ("float" or "double")))
        {
            _findings.Add($"{Where(element)} is encoded as {encoding}");
            return;
        }

        var limit = isSet ? (range.Bytes * 8) - 1 : range.Max - 1;
        foreach (var value in element.Elements())
        {
            if (!decimal.TryParse(value.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) || number < range.Min || number > limit)
            {
                _findings.Add($"{Where(value)} is '{value.Value}', not between {range.Min} and {limit}");
            }
        }

        CheckUnique(element.Elements(), "name");
        if (element.Elements().Select(static e => e.Value).Distinct().Count() != element.Elements().Count())
        {
            _findings.Add($"{Where(element)} has a value twice");
        }
    }

    private void CheckBlock(XElement block)
    {
        var parts = block.Elements().ToList();
        CheckUnique(parts, "name");
        CheckUnique(parts, "id");
        long end = 0;
        foreach (var field in block.Elements("field"))
        {
            if (SizeOf((string)field.Attribute("type")!) is not { } size)
            {
                _findings.Add($"{Where(field)} is of type {(string)field.Attribute("type")!}, which has no fixed length");
                return;
            }

            var at = (long?)field.Attribute("offset") ?? end;
            if (at < end)
            {
                _findings.Add($"{Where(field)} begins at {at}, inside the field before it");
            }

            end = at + ((string?)field.Attribute("presence") == "constant" ? 0 : size);
        }

        if (end > ((long?)block.Attribute("blockLength") ?? end))
        {
            _findings.Add($"{Where(block)} has fields up to {end}, behind its block");
        }

        foreach (var group in block.Elements("group"))
        {
            CheckComposite((string?)group.Attribute("dimensionType") ?? "groupSizeEncoding", "blockLength", "numInGroup");
            CheckBlock(group);
        }

        foreach (var data in block.Elements("data"))
        {
            CheckComposite((string)data.Attribute("type")!, "length", "varData");
        }
    }

    private void CheckComposite(string name, params string[] parts)
    {
        if (!_types.TryGetValue(name, out var composite) || !composite.Elements("type").Select(Name).Take(parts.Length).SequenceEqual(parts))
        {
            _findings.Add($"composite {name} does not begin with {string.Join(", ", parts)}");
        }
    }

    private long? SizeOf(string type)
    {
        if (Primitives.TryGetValue(type, out var primitive))
        {
            return primitive.Bytes;
        }

        return !_types.TryGetValue(type, out var element) ? null : element.Name.LocalName switch
        {
            "type" => SizeOf((string)element.Attribute("primitiveType")!) * ((long?)element.Attribute("length") ?? 1) is > 0 and var size ? size : null,
            "enum" or "set" => SizeOf((string)element.Attribute("encodingType")!),
            _ => element.Elements().Sum(part => SizeOf((string?)part.Attribute("primitiveType") ?? Name(part))),
        };
    }

    private void CheckUnique(IEnumerable<XElement> elements, string attribute) => _findings.AddRange(
        elements.GroupBy(e => (string)e.Attribute(attribute)!).Where(static g => g.Count() > 1).Select(g => $"{Where(g.First())} shares its {attribute} with another"));

    private static string Name(XElement element) => (string)element.Attribute("name")!;

    private static string Where(XElement element) => $"{element.Name.LocalName} {(string?)element.Attribute("name")}".Trim();

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$", RegexOptions.CultureInvariant)]
    private static partial Regex SymbolicName();
}
