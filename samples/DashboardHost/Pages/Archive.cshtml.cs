using System.Diagnostics;
using Mev.Sdk.DashboardHost.Archive;
using Mev.Sdk.Storage.Archive;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Mev.Sdk.DashboardHost.Pages;

/// <summary>What is kept for good: the objects, how small they are, and a transaction read back out of them.</summary>
public sealed class ArchiveModel : PageModel
{
    private const int MaxSightings = 20;

    // A look may decode blocks of many objects; they share the cores with the stream.
    private static readonly SemaphoreSlim Places = new(2);

    /// <summary>Signature looked for.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Signature { get; set; }

    internal IReadOnlyList<ArchiveSighting> Sightings { get; private set; } = [];

    internal bool HasMore { get; private set; }

    internal string? Problem { get; private set; }

    internal TimeSpan Took { get; private set; }

    internal bool IsAsked => !string.IsNullOrWhiteSpace(Signature);

    /// <summary>Shows the page.</summary>
    /// <returns>When what was looked for is found or not.</returns>
    public async Task OnGetAsync()
    {
        if (!IsAsked)
        {
            return;
        }

        if (!Sdk.Signature.TryParse(Signature!.Trim(), null, out var signature))
        {
            Problem = "That is no signature: it has 86 to 88 characters of base58, case counts.";
            return;
        }

        var aborted = HttpContext.RequestAborted;
        await Places.WaitAsync(aborted);
        try
        {
            await FindAsync(signature, aborted);
        }
        catch (Exception exception) when (exception is InvalidDataException or ArchiveKeyException or BlobNotFoundException or IOException)
        {
            Problem = exception.Message;
        }
        finally
        {
            Places.Release();
        }
    }

    private async Task FindAsync(Signature signature, CancellationToken aborted)
    {
        var archive = HttpContext.RequestServices.GetRequiredService<ArchiveSet>();
        var found = new List<ArchiveSighting>();
        var began = Stopwatch.GetTimestamp();
        var options = new ArchiveReadOptions { OnDamage = damage => Problem = damage.ToString() };
        await foreach (var batch in archive.FindAsync(signature, options: options, cancellationToken: aborted))
        {
            try
            {
                foreach (var record in batch)
                {
                    if (TransactionView.TryRead(in record, out var view))
                    {
                        found.Add(new ArchiveSighting(record.Lsn, view.Record.Slot, view.Record.Stage.ToString().ToLowerInvariant(), record.Frame.Length));
                    }
                }
            }
            finally
            {
                batch.Release();
            }

            if (found.Count > MaxSightings)
            {
                HasMore = true;
                break;
            }
        }

        Took = Stopwatch.GetElapsedTime(began);
        Sightings = [.. found.Take(MaxSightings)];
    }
}
