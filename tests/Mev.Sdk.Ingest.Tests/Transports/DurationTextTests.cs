using Mev.Sdk.Ingest.Internal;

namespace Mev.Sdk.Ingest.Tests.Transports;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData(0, "0 ms")]
    [InlineData(-5, "0 ms")]
    [InlineData(0.25, "0.25 ms")]
    [InlineData(84.8468, "85 ms")]
    [InlineData(999.4, "999 ms")]
    [InlineData(999.7, "1 s")]
    [InlineData(1_540, "1.5 s")]
    [InlineData(30_000, "30 s")]
    [InlineData(59_990, "1 min")]
    [InlineData(150_000, "2 min 30 s")]
    [InlineData(3_599_900, "1 h")]
    [InlineData(3_900_000, "1 h 5 min")]
    [InlineData(90_000_000, "25 h")]
    public void Of_any_time_is_said_in_a_unit_that_fits(double milliseconds, string expected) =>
        Assert.Equal(expected, DurationText.Of(TimeSpan.FromMilliseconds(milliseconds)));
}
