using Microsoft.Extensions.Options;

namespace Mev.Sdk.Storage.DuckDb.Internal;

/// <summary>Stops a host's start on options that are out of range.</summary>
internal sealed class ArchiveHistoryOptionsValidator : IValidateOptions<ArchiveHistoryOptions>
{
    public ValidateOptionsResult Validate(string? name, ArchiveHistoryOptions options) =>
        options.Validate().ToArray() is [_, ..] problems ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
}
