namespace Mev.Sdk.Ingest.Diagnostics;

/// <summary>Stable event ids; never reused. 1000-1099 sources, 1100-1199 sequencer and views, 1200-1299 publisher, 1300-1399 control.</summary>
internal static class EventIds
{
    public const int SourceSubscribed = 1000;
    public const int SourceDisconnected = 1001;
    public const int SourceMalformed = 1002;
    public const int SourceRefused = 1003;
    public const int SourceEnded = 1004;
    public const int GapDetected = 1005;
    public const int GapNotJournaled = 1006;
    public const int SourceFailed = 1007;
    public const int ConnectFailed = 1008;
    public const int SourceLeft = 1009;
    public const int CaptureFailed = 1010;
    public const int EngineRefused = 1011;
    public const int SourceReplaced = 1012;
    public const int GapHealed = 1020;
    public const int GapFinal = 1021;
    public const int GapsNotReported = 1022;
    public const int GapsRestored = 1023;
    public const int GapsNotRestored = 1024;
    public const int GapRecordsDropped = 1025;
    public const int BatchLeaked = 1026;
    public const int EndUnknown = 1027;
    public const int LogNotReadable = 1028;

    public const int SinkFailed = 1100;
    public const int SinkGivenUp = 1101;
    public const int BatchRefused = 1102;
    public const int ViewDrops = 1103;
    public const int ViewFailed = 1104;

    public const int PublisherListening = 1200;
    public const int SubscriberJoined = 1201;
    public const int SubscriberLeft = 1202;
    public const int SubscriberLostData = 1203;
    public const int AcceptFailed = 1204;
    public const int SubscriberDropped = 1205;
    public const int DialFailed = 1206;
    public const int PublisherOpenToAll = 1207;
    public const int RecordsLost = 1208;

    public const int ParametersRequested = 1300;
    public const int ParametersAnswered = 1301;
    public const int ParametersRestored = 1302;
    public const int ParametersNotRestored = 1303;
    public const int ParametersDecided = 1304;
    public const int ControlHandlerFailed = 1305;
}
