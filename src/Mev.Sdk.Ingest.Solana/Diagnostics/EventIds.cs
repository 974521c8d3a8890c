namespace Mev.Sdk.Ingest.Solana.Diagnostics;

/// <summary>Stable event ids; never reused. 1500-1519 sources, 1520-1539 requests, 1540-1559 gaps, 1560-1579 nodes.</summary>
internal static class EventIds
{
    public const int SourceStarted = 1500;
    public const int SourceStalled = 1501;
    public const int SourceRecovered = 1502;
    public const int SourceEnded = 1503;
    public const int StreamEnded = 1504;
    public const int MessageUnreadable = 1505;
    public const int FileUnreadable = 1506;
    public const int TokenInClear = 1507;

    public const int RequestRetried = 1520;

    public const int GapFilled = 1540;
    public const int GapGivenUp = 1541;

    public const int NodeUnreachable = 1560;
    public const int NodeReachable = 1561;
}
