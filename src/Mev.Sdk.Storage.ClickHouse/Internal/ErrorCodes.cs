namespace Mev.Sdk.Storage.ClickHouse.Internal;

/// <summary>Codes of the server's errors (<c>src/Common/ErrorCodes.cpp</c>) that are told apart here.</summary>
internal static class ErrorCodes
{
    public const int UnknownTable = 60;
    public const int UnknownDatabase = 81;
    public const int ReadOnly = 164;
    public const int AuthenticationFailed = 516;

    /// <summary>Whether the same statement may succeed a moment later.</summary>
    public static bool IsTransient(int code) => code is
        159 // TIMEOUT_EXCEEDED
        or 202 // TOO_MANY_SIMULTANEOUS_QUERIES
        or 209 or 210 // SOCKET_TIMEOUT, NETWORK_ERROR
        or 236 // ABORTED: the server is going down
        or 241 // MEMORY_LIMIT_EXCEEDED
        or 242 // TABLE_IS_READ_ONLY: a replica without its Keeper
        or 252 // TOO_MANY_PARTS: merges are behind
        or 279 // ALL_CONNECTION_TRIES_FAILED
        or 285 or 286 // TOO_FEW_LIVE_REPLICAS, UNSATISFIED_QUORUM_FOR_PREVIOUS_WRITE
        or 319 // UNKNOWN_STATUS_OF_INSERT
        or 999; // KEEPER_EXCEPTION
}
