namespace Mev.Sdk.Native.Tests.Support;

/// <summary>A folder that goes with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("mev-native-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
