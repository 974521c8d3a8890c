using System.Reflection;
using System.Runtime.InteropServices;
using System.Xml.Linq;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Tests.Wire;

/// <summary>Holds native/mev-engine-stream.xml equal to the structs, field by field: engines in other languages are generated from it.</summary>
public sealed class SbeSchemaTests
{
    private static readonly XElement Schema = XDocument.Load(FindSchema()).Root!;

    private static readonly Dictionary<string, Type> Types = new(StringComparer.Ordinal)
    {
        ["uint8"] = typeof(byte), ["uint16"] = typeof(ushort), ["uint32"] = typeof(uint), ["uint64"] = typeof(ulong),
        ["int64"] = typeof(long), ["float"] = typeof(float), ["double"] = typeof(double),
        ["Pubkey"] = typeof(Pubkey), ["Signature"] = typeof(Signature),
        ["Bytes32"] = typeof(Bytes32), ["UpdateId"] = typeof(Guid),
    };

    public static TheoryData<string, Type, Type> Messages => new()
    {
        { "Transaction", typeof(TransactionRecord), typeof(SwapEntry) },
        { "Opportunity", typeof(OpportunityRecord), typeof(void) },
        { "Outcome", typeof(OutcomeRecord), typeof(void) },
        { "Block", typeof(BlockRecord), typeof(void) },
        { "Metric", typeof(MetricRecord), typeof(void) },
        { "Slot", typeof(SlotRecord), typeof(void) },
        { "Gap", typeof(GapRecord), typeof(void) },
        { "Account", typeof(AccountRecord), typeof(void) },
        { "Node", typeof(NodeRecord), typeof(void) },
        { "Strategy", typeof(StrategyRecord), typeof(void) },
        { "Label", typeof(LabelRecord), typeof(LabelLeg) },
        { "ParameterChange", typeof(ParameterChangeRecord), typeof(void) },
        { "Audit", typeof(AuditRecord), typeof(void) },
        { "Prediction", typeof(PredictionRecord), typeof(ScoreEntry) },
        { "Hello", typeof(HelloMessage), typeof(void) },
        { "Challenge", typeof(ChallengeMessage), typeof(void) },
        { "Proof", typeof(ProofMessage), typeof(void) },
        { "ReplayRequest", typeof(ReplayRequestMessage), typeof(void) },
        { "GapNotice", typeof(GapNoticeMessage), typeof(void) },
        { "OpportunityScores", typeof(OpportunityScoresMessage), typeof(OpportunityScore) },
        { "ParameterUpdate", typeof(ParameterUpdateMessage), typeof(void) },
        { "ParameterResult", typeof(ParameterResultMessage), typeof(void) },
        { "Subscribe", typeof(SubscribeMessage), typeof(void) },
        { "Heartbeat", typeof(HeartbeatMessage), typeof(void) },
        { "Ack", typeof(AckMessage), typeof(void) },
        { "Goodbye", typeof(GoodbyeMessage), typeof(void) },
    };

    [Fact]
    public void Id_version_and_byte_order_are_those_of_the_frames()
    {
        Assert.Equal((WireFormat.SchemaId.ToString(System.Globalization.CultureInfo.InvariantCulture), "1", "littleEndian"),
            ((string?)Schema.Attribute("id"), (string?)Schema.Attribute("version"), (string?)Schema.Attribute("byteOrder")));
        var described = Schema.Elements().Where(static e => e.Name.LocalName == "message").Select(static e => (string?)e.Attribute("name")).Order(StringComparer.Ordinal);
        Assert.Equal(Messages.Select(static m => m.Data.Item1).Order(StringComparer.Ordinal), described);
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void Every_message_has_the_fields_offsets_and_types_of_its_struct(string name, Type block, Type entry)
    {
        var message = Schema.Elements().Single(e => e.Name.LocalName == "message" && (string?)e.Attribute("name") == name);
        var templateId = (ushort)block.GetProperty("TemplateId", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;
        Assert.Equal(templateId, (int)message.Attribute("id")!);
        AssertFields(message, block);
        var group = message.Elements("group").SingleOrDefault();
        Assert.Equal(entry == typeof(void), group is null);
        if (group is not null)
        {
            AssertFields(group, entry);
        }

        var ids = message.Descendants().Attributes("id").Select(static a => (int)a).ToArray();
        Assert.Equal(ids.Distinct(), ids);
    }

    [Fact]
    public void Every_enum_and_set_has_the_values_of_its_type()
    {
        var types = Schema.Element("types")!;
        foreach (var element in types.Elements("enum").Concat(types.Elements("set")))
        {
            var type = EnumType((string)element.Attribute("name")!);
            Assert.Equal(Enum.GetUnderlyingType(type), Types[(string)element.Attribute("encodingType")!]);
            var isSet = element.Name == "set";
            var described = element.Elements().Select(e => ((string)e.Attribute("name")!, isSet ? 1L << (int)e : (long)e)).Order();
            var values = Enum.GetNames(type)
                .Select(n => (isSet ? Camel(n) : n, Convert.ToInt64(Enum.Parse(type, n), System.Globalization.CultureInfo.InvariantCulture)))
                .Where(v => !isSet || v.Item2 != 0).Order();
            Assert.Equal(values, described);
        }
    }

    private static void AssertFields(XElement parent, Type type)
    {
        Assert.Equal(Marshal.SizeOf(type), (int)parent.Attribute("blockLength")!);
        var fields = type.GetFields(BindingFlags.Public | BindingFlags.Instance)
            .Select(f => (Camel(f.Name), (int)Marshal.OffsetOf(type, f.Name), f.FieldType));
        var described = parent.Elements("field")
            .Select(static e => ((string)e.Attribute("name")!, (int)e.Attribute("offset")!, TypeOf((string)e.Attribute("type")!)));
        Assert.Equal(fields, described);
    }

    private static Type TypeOf(string name) => Types.TryGetValue(name, out var type) ? type : EnumType(name);

    private static Type EnumType(string name) =>
        typeof(Pubkey).Assembly.GetTypes().Single(t => t.IsEnum && t.IsPublic && t.Name == name);

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    internal static string FindSchema()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "native", "mev-engine-stream.xml");
            if (File.Exists(path))
            {
                return path;
            }
        }

        throw new FileNotFoundException("native/mev-engine-stream.xml was not found above the tests.");
    }
}
