namespace Mev.Sdk.Models.Training;

/// <summary>Passes news on at once, on the thread that has them; <see cref="Progress{T}"/> would post them and lose their order.</summary>
internal sealed class Relay<T>(Action<T> pass) : IProgress<T>
{
    public void Report(T value) => pass(value);
}
