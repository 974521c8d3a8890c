using System.Xml.Linq;

namespace Mev.Sdk.Tests.Wire;

/// <summary>native/mev-engine-stream.xml is a schema that an SBE 1.0 tool takes, not only one that our own tests can read.</summary>
public sealed class SbeStandardTests
{
    private static readonly string Text = File.ReadAllText(SbeSchemaTests.FindSchema());

    [Fact]
    public void Check_our_schema_breaks_no_rule_of_the_standard() => Assert.Empty(SbeStandard.Check(XDocument.Parse(Text).Root!));

    [Theory]
    [InlineData("xmlns:sbe=\"http://fixprotocol.io/2016/sbe\"", "xmlns:sbe=\"http://example.org\"", "the root is")]
    [InlineData("<sbe:message name=\"Ack\"", "<sbe:message", "has no name")]
    [InlineData("<sbe:message name=\"Ack\"", "<sbe:message name=\"Hello\"", "message Hello shares its name")]
    [InlineData("<sbe:message name=\"Ack\"", "<sbe:message name=\"An ack\"", "name 'An ack'")]
    [InlineData("<sbe:message name=\"Ack\" id=\"", "<sbe:message name=\"Ack\" id=\"9999", "has id '999968'")]
    [InlineData("byteOrder=\"littleEndian\"", "byteOrder=\"mixed\"", "byteOrder 'mixed'")]
    [InlineData("<composite name=\"messageHeader\"", "<composite name=\"header\"", "composite messageHeader does not begin")]
    [InlineData("<composite name=\"varDataEncoding\"", "<composite name=\"text\"", "composite varDataEncoding does not begin")]
    [InlineData("<composite name=\"groupSizeEncoding\"", "<composite name=\"size\"", "composite groupSizeEncoding does not begin")]
    [InlineData("<type name=\"Pubkey\" primitiveType=\"uint8\"", "<type name=\"Pubkey\" primitiveType=\"byte\"", "primitiveType 'byte'")]
    [InlineData("<type name=\"Pubkey\" primitiveType=\"uint8\" length=\"32\"", "<type name=\"Pubkey\" primitiveType=\"uint8\" length=\"33\"", "inside the field before it")]
    [InlineData("<type name=\"Pubkey\"", "<type name=\"Key\"", "of type Pubkey")]
    [InlineData("<type name=\"Signature\"", "<type name=\"Pubkey\"", "type Pubkey is there twice")]
    [InlineData("<enum name=\"GapState\" encodingType=\"uint32\"", "<enum name=\"GapState\" encodingType=\"float\"", "enum GapState is encoded as float")]
    [InlineData("description=\"Still missing; may yet be replayed.\">0<", "description=\"Still missing; may yet be replayed.\">-1<", "is '-1'")]
    [InlineData("description=\"Still missing; may yet be replayed.\">0<", "description=\"Still missing; may yet be replayed.\">1<", "enum GapState has a value twice")]
    [InlineData("<validValue name=\"Open\"", "<validValue name=\"Open\" id=\"7\"", "has id, which is no attribute")]
    [InlineData("</types>", "<struct name=\"S\"/></types>", "struct S is no element")]
    [InlineData("<data name=\"reason\"", "<field name=\"late\" id=\"99\" type=\"uint8\"/><data name=\"reason\"", null)]
    [InlineData("</sbe:message>", "<field name=\"late\" id=\"99\" type=\"uint8\"/></sbe:message>", "field late stands where it must not")]
    public void Check_a_schema_with_one_fault_is_told_of_it(string what, string by, string? finding)
    {
        var at = Text.IndexOf(what, StringComparison.Ordinal);
        Assert.True(at >= 0, $"The schema has no {what}.");
        var findings = SbeStandard.Check(XDocument.Parse(Text[..at] + by + Text[(at + what.Length)..]).Root!);
        Assert.Contains(findings, found => found.Contains(finding ?? "behind its block", StringComparison.Ordinal));
    }
}
