using System.Globalization;
using System.Text.RegularExpressions;

namespace Mev.Sdk.ClickHouseStand;

/// <summary>A message of the engine as its server answers it.</summary>
internal static partial class EngineError
{
    public const int Authentication = 516;
    private const int Unknown = 1002;

    /// <summary>The number in <c>Code: 60. DB::Exception</c>.</summary>
    public static int CodeOf(string message) =>
        Code().Match(message) is { Success: true } match ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : Unknown;

    /// <summary>As the server's <c>exceptionCodeToHTTPStatus</c> has it, for what tests meet.</summary>
    public static int StatusOf(int code) => code switch
    {
        Authentication => StatusCodes.Status403Forbidden,
        62 or 6 or 26 or 27 or 41 or 53 or 72 or 117 or 130 or 131 => StatusCodes.Status400BadRequest, // syntax and what cannot be parsed
        16 or 20 or 28 or 46 or 47 or 60 or 81 => StatusCodes.Status404NotFound, // unknown column, function, identifier, table, database
        159 => StatusCodes.Status408RequestTimeout,
        252 => StatusCodes.Status500InternalServerError,
        _ => StatusCodes.Status500InternalServerError,
    };

    [GeneratedRegex(@"Code: (\d+)")]
    private static partial Regex Code();
}
