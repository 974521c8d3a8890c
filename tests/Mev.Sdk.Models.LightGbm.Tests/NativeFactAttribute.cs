using System.Runtime.CompilerServices;

namespace Mev.Sdk.Models.LightGbm.Tests;

/// <summary>A fact that needs LightGBM's native library, and says what is missing when it is skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NativeFactAttribute : FactAttribute
{
    public NativeFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
        : base(file, line)
    {
        if (!LightGbmTrainer.CheckAvailable(out var reason))
        {
            Skip = reason;
        }
    }
}
