using System.Text.Json;

namespace Mev.Sdk.Architecture.Tests;

/// <summary>Native libraries live in satellites, so that nobody else downloads, trims or loads them.</summary>
public sealed class NativeWeightTests
{
    public static TheoryData<string> Names => Repository.PackageNames;

    [Theory]
    [MemberData(nameof(Names))]
    public void Native_libraries_are_restored_for_satellites_and_for_nothing_else(string name)
    {
        var native = NativePackages(File.ReadAllBytes(Repository.Find(name).AssetsFile)).ToList();
        if (PackageMap.Satellites.Contains(name))
        {
            // Also the proof that the look-up finds native assets at all.
            Assert.NotEmpty(native);
        }
        else
        {
            Assert.Empty(native);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Everything_but_satellites_is_trim_and_aot_clean(string name) =>
        Assert.True(PackageMap.Satellites.Contains(name) || Repository.Find(name).IsAotCompatible, $"{name} switches IsAotCompatible off; only satellites may.");

    // obj/project.assets.json is the restored closure: targets -> framework -> library -> runtimeTargets -> file -> assetType.
    private static IEnumerable<string> NativePackages(byte[] assets)
    {
        using var document = JsonDocument.Parse(assets);
        var libraries = document.RootElement.GetProperty("targets").EnumerateObject().SelectMany(target => target.Value.EnumerateObject());
        return
        [
            .. libraries
                .Where(library => library.Value.TryGetProperty("native", out _)
                    || (library.Value.TryGetProperty("runtimeTargets", out var files)
                        && files.EnumerateObject().Any(file => file.Value.GetProperty("assetType").ValueEquals("native"))))
                .Select(library => library.Name),
        ];
    }
}
