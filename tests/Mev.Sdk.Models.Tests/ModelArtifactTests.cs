using Mev.Sdk.Models.Inference;

namespace Mev.Sdk.Models.Tests;

public sealed class ModelArtifactTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("mev-models-").FullName;

    [Fact]
    public void Load_saved_artifact_is_the_same()
    {
        var artifact = Artifacts.Create();
        var folder = new ModelFolder(_root).Save(artifact);
        var loaded = ModelArtifact.Load(folder);

        Assert.Equal(artifact.ModelText, loaded.ModelText);
        Assert.Equal(artifact.Schema.Hash, loaded.Schema.Hash);
        Assert.Equal(artifact.Manifest.Test, loaded.Manifest.Test);
        Assert.Equal(artifact.Manifest with { Columns = loaded.Manifest.Columns }, loaded.Manifest);
        Assert.Null(loaded.Manifest.Test.SwapsOnly!.RocAuc);
    }

    [Theory]
    [InlineData(ModelArtifact.ModelFileName)]
    [InlineData(ModelArtifact.ManifestFileName)]
    [InlineData(ModelArtifact.SumsFileName)]
    public void Load_altered_cut_off_or_missing_file_is_refused_by_name(string file)
    {
        var path = Path.Combine(new ModelFolder(_root).Save(Artifacts.Create()), file);
        var bytes = File.ReadAllBytes(path);
        void AssertRefused(string expected) => Assert.Contains(
            expected, Assert.Throws<ModelArtifactException>(() => ModelArtifact.Load(Path.GetDirectoryName(path)!)).Message, StringComparison.Ordinal);

        // In the sums themselves byte 10 belongs to the manifest's sum, and the cut loses the model's line.
        var altered = bytes.ToArray();
        altered[10] ^= 1;
        File.WriteAllBytes(path, altered);
        AssertRefused("altered");
        File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);
        AssertRefused("altered");
        File.Delete(path);
        AssertRefused($"{file}' does not exist");
    }

    [Fact]
    public void Load_manifest_of_another_layout_or_with_columns_that_do_not_hash_is_refused()
    {
        AssertRefused(Artifacts.Manifest("v") with { Format = 2 }, "layout 2");
        Assert.Contains("states 0123", Assert.Throws<ArgumentException>(
            () => new ModelArtifact(Artifacts.Manifest("v") with { SchemaHash = "0123" }, Artifacts.ModelText)).Message, StringComparison.Ordinal);
        Assert.Contains("takes 13 features, the manifest lists 1", Assert.Throws<ArgumentException>(() => new ModelArtifact(
            Artifacts.Manifest("v") with { Columns = [new FeatureColumn("a", "1")], SchemaHash = new FeatureSchema([new FeatureColumn("a", "1")]).HashText },
            Artifacts.ModelText)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_files_with_right_sums_and_wrong_content_are_refused()
    {
        var folder = new ModelFolder(_root).Save(Artifacts.Create());
        File.WriteAllText(Path.Combine(folder, ModelArtifact.ManifestFileName), "{}");
        var sums = Path.Combine(folder, ModelArtifact.SumsFileName);
        var sum = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("{}"u8));
        File.WriteAllText(sums, sum + "  manifest.json\n" + File.ReadAllLines(sums)[1] + "\n");

        Assert.Contains("not usable", Assert.Throws<ModelArtifactException>(() => ModelArtifact.Load(folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Save_existing_version_is_never_overwritten()
    {
        var models = new ModelFolder(_root);
        models.Save(Artifacts.Create());

        Assert.Contains("exists already", Assert.Throws<IOException>(() => models.Save(Artifacts.Create())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Save_leftovers_of_a_crash_are_replaced_and_never_listed()
    {
        var models = new ModelFolder(_root);
        var leftover = Directory.CreateDirectory(Path.Combine(_root, "20260102T030405Z-00000001.building")).FullName;
        File.WriteAllText(Path.Combine(leftover, ModelArtifact.SumsFileName), "half");
        Assert.Empty(models.GetVersions());

        models.Save(Artifacts.Create());

        Assert.Equal(["20260102T030405Z-00000001"], models.GetVersions());
    }

    [Fact]
    public void LoadLatest_takes_the_latest_version_or_none()
    {
        Assert.Null(new ModelFolder(Path.Combine(_root, "missing")).LoadLatest());
        var models = new ModelFolder(_root);
        models.Save(Artifacts.Create("20260102T030405Z-00000001"));
        models.Save(Artifacts.Create("20260103T030405Z-00000000"));

        Assert.Equal("20260103T030405Z-00000000", models.LoadLatest()!.Version);
    }

    [Fact]
    public void LoadLatest_damaged_version_is_not_passed_over_in_silence()
    {
        var models = new ModelFolder(_root);
        models.Save(Artifacts.Create("20260102T030405Z-00000001"));
        File.AppendAllText(Path.Combine(models.Save(Artifacts.Create("20260103T030405Z-00000000")), ModelArtifact.ModelFileName), " ");

        Assert.Throws<ModelArtifactException>(models.LoadLatest);
    }

    [Fact]
    public void MakeVersion_is_time_then_hash() =>
        Assert.Equal("20260102T030405Z-ba7816bf", ModelArtifact.MakeVersion(new DateTimeOffset(2026, 1, 2, 4, 4, 5, TimeSpan.FromHours(1)), "abc"));

    [Fact]
    public void ScoringModel_predictor_of_another_width_is_refused() => Assert.Throws<ArgumentException>(
        () => new ScoringModel("v", new FeatureSchema([new FeatureColumn("a", "1")]), Artifacts.Create().Model, 0.5));

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private void AssertRefused(ModelManifest manifest, string expected)
    {
        var folder = Path.Combine(_root, manifest.Version);
        new ModelArtifact(manifest, Artifacts.ModelText).Save(folder);
        Assert.Contains(expected, Assert.Throws<ModelArtifactException>(() => ModelArtifact.Load(folder)).Message, StringComparison.Ordinal);
    }
}
