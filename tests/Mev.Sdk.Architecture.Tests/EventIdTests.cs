using System.Reflection;
using Microsoft.Extensions.Logging;

namespace Mev.Sdk.Architecture.Tests;

/// <summary>An event id means one thing within a package, so that an operator can filter by it.</summary>
public sealed class EventIdTests
{
    public static TheoryData<string> Names => Repository.PackageNames;

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_log_event_has_its_own_id(string name) => Assert.Empty(Violations(Repository.Find(name).Load()));

    [Fact]
    public void Violations_of_two_events_with_one_id_name_both() =>
        Assert.Equal(
            ["Sample.First, Sample.Second share event id 7.", "Sample.Third has no event id."],
            Violations([("Sample.First", 7), ("Sample.Second", 7), ("Sample.Third", 0)]));

    private static IEnumerable<string> Violations(Assembly assembly) =>
        Violations(
            from type in assembly.GetTypes()
            from method in type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            let attribute = method.GetCustomAttribute<LoggerMessageAttribute>()
            where attribute is not null
            select ($"{type.Name}.{method.Name}", attribute.EventId));

    private static List<string> Violations(IEnumerable<(string Name, int Id)> events) =>
    [
        .. events.GroupBy(entry => entry.Id).SelectMany(group => group.Key is 0 or -1
            ? group.Select(entry => $"{entry.Name} has no event id.")
            : group.Count() > 1 ? [$"{string.Join(", ", group.Select(entry => entry.Name).Order(StringComparer.Ordinal))} share event id {group.Key}."] : []),
    ];
}
