using Microsoft.Extensions.Options;

namespace Mev.Sdk.Storage.Postgres;

/// <summary>Refuses wrong options at start, all of them in one message.</summary>
internal sealed class PostgresOptionsValidator : IValidateOptions<PostgresOptions>
{
    public ValidateOptionsResult Validate(string? name, PostgresOptions options)
    {
        var problems = options.Validate().ToArray();
        return problems.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
