using Microsoft.Extensions.Options;

namespace Mev.Sdk.Ingest.Solana.DependencyInjection;

/// <summary>Checks every option of a source at once and names the key of each that is wrong.</summary>
internal sealed class SourceOptionsValidator<TOptions>(Action<TOptions, List<string>> validate) : IValidateOptions<TOptions>
    where TOptions : class
{
    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        var errors = new List<string>();
        validate(options, errors);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
