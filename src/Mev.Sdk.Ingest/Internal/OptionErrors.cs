namespace Mev.Sdk.Ingest.Internal;

/// <summary>Turns the errors of an options object into one exception, for the paths without DI.</summary>
internal static class OptionErrors
{
    public static void ThrowIfAny(List<string> errors, string parameter)
    {
        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(' ', errors), parameter);
        }
    }
}
