using Microsoft.Extensions.Options;

namespace Mev.Sdk.Ingest.DependencyInjection;

/// <summary>Checks every option at once and names the key of each that is wrong.</summary>
internal sealed class IngestOptionsValidator(IEnumerable<ViewRegistration> views) : IValidateOptions<IngestOptions>
{
    public ValidateOptionsResult Validate(string? name, IngestOptions options)
    {
        var errors = new List<string>();
        options.Sequencer.Validate($"{IngestOptions.Section}:Sequencer", errors);
        options.Control.Validate($"{IngestOptions.Section}:Control", errors);
        options.Health.Validate($"{IngestOptions.Section}:Health", errors);
        CheckViews(options, errors);
        var names = new HashSet<uint>();
        for (var i = 0; i < options.Sources.Count; i++)
        {
            var source = options.Sources[i];
            source.Validate($"{IngestOptions.Section}:Sources:{i}", errors);
            CheckName(source.Name, $"{IngestOptions.Section}:Sources:{i}:Name");
        }

        options.Accept.Validate($"{IngestOptions.Section}:Accept", errors);
        for (var i = 0; i < options.Accept.Engines.Count; i++)
        {
            CheckName(options.Accept.Engines[i].Name, $"{IngestOptions.Section}:Accept:Engines:{i}:Name");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void CheckName(string source, string key)
        {
            if (!string.IsNullOrWhiteSpace(source) && !names.Add(SourceIds.FromName(source)))
            {
                errors.Add($"{key} is '{source}', which another source already has; give each its own.");
            }
        }
    }

    private void CheckViews(IngestOptions options, List<string> errors)
    {
        var known = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var view in views)
        {
            if (!known.Add(view.Name))
            {
                errors.Add($"{IngestOptions.Section}:Views: two views are named '{view.Name}'; give one of them another name in AddView.");
            }
        }

        foreach (var (name, view) in options.Views)
        {
            view.Validate($"{IngestOptions.Section}:Views:{name}", errors);
            if (!known.Contains(name))
            {
                errors.Add($"{IngestOptions.Section}:Views:{name} names no view of this host; {(known.Count == 0 ? "AddView registered none" : $"there are {string.Join(", ", known)}")}.");
            }
        }
    }
}
