using System.ComponentModel.DataAnnotations;
using Mev.Sdk.DashboardHost.Control;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Mev.Sdk.DashboardHost.Pages;

/// <summary>The intake: its stages, what was not seen, and the way back to the engines.</summary>
/// <remarks>Antiforgery is checked for every post; who may change something is decided by <c>ControlAccess</c>.</remarks>
public sealed class IngestModel : PageModel
{
    internal static readonly (int Seconds, string Text)[] Expiries = [(0, "never"), (10, "10 seconds"), (60, "a minute"), (3_600, "an hour")];

    internal static readonly (string Value, string Text)[] States = [("", "All"), ("open", "Open"), ("healed", "Healed"), ("final", "Final")];

    /// <summary>State wanted of the ledger.</summary>
    [BindProperty(SupportsGet = true)]
    public string? State { get; set; }

    /// <summary>ENGINE/ID of the strategy whose parameters the form begins with.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Strategy { get; set; }

    /// <summary>The form.</summary>
    [BindProperty]
    public UpdateForm Form { get; set; } = new();

    internal ControlAnswer? Answer { get; private set; }

    internal IReadOnlyList<string> Engines { get; private set; } = [];

    internal ControlAccess Access => HttpContext.RequestServices.GetRequiredService<ControlAccess>();

    /// <summary>Shows the page.</summary>
    public void OnGet()
    {
        var view = HttpContext.RequestServices.GetRequiredService<ControlView>();
        Engines = view.Engines;
        var strategies = view.Strategies();
        var chosen = strategies.FirstOrDefault(strategy => strategy.Key == Strategy) ?? (strategies.Count > 0 ? strategies[0] : null);
        Form = new UpdateForm
        {
            Engine = chosen?.Engine ?? (Engines.Count > 0 ? Engines[0] : ""),
            StrategyId = chosen?.Record.StrategyId ?? 1,
            Parameters = chosen?.Parameters ?? "{}",
        };
    }

    /// <summary>Sends a change and shows what came of it.</summary>
    /// <returns>The answer alone for a script, the page otherwise.</returns>
    public async Task<IActionResult> OnPostAsync()
    {
        var services = HttpContext.RequestServices;
        Engines = services.GetRequiredService<ControlView>().Engines;
        Answer = ModelState.IsValid
            ? await services.GetRequiredService<ControlDesk>().UpdateAsync(
                new ParameterRequest(
                    Form.Engine,
                    Form.StrategyId,
                    Form.Parameters,
                    "",
                    Form.ExpirySeconds == 0 ? null : services.GetRequiredService<TimeProvider>().GetUtcNow().AddSeconds(Form.ExpirySeconds)),
                Form.Secret)
            : new ControlAnswer("invalid", "Not sent", string.Join(' ', ModelState.Values.SelectMany(static v => v.Errors).Select(static e => e.ErrorMessage)));
        Form.Secret = null;
        return Request.Headers.ContainsKey("HX-Request") ? Partial("Panels/_Answer", Answer) : Page();
    }

    /// <summary>What a person fills in.</summary>
    public sealed class UpdateForm
    {
        /// <summary>The source's name.</summary>
        [Required(ErrorMessage = "Choose an engine.")]
        [StringLength(256)]
        public string Engine { get; set; } = "";

        /// <summary>The strategy.</summary>
        [Range(0, ushort.MaxValue, ErrorMessage = "The strategy is a number from 0 to 65535.")]
        public ushort StrategyId { get; set; } = 1;

        /// <summary>A JSON object.</summary>
        [Required(ErrorMessage = "Give the parameters as a JSON object.")]
        [StringLength(1 << 20)]
        public string Parameters { get; set; } = "{}";

        /// <summary>The control secret, where one is needed; never shown again.</summary>
        [StringLength(1_024)]
        public string? Secret { get; set; }

        /// <summary>Seconds until the change is no longer wanted; 0 = never.</summary>
        [Range(0, 86_400, ErrorMessage = "The time limit is at most a day.")]
        public int ExpirySeconds { get; set; }
    }
}
