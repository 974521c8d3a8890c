using Grpc.Core;

namespace Mev.Sdk.Ingest.Solana.Yellowstone;

/// <summary>How a stream ended, and why in words.</summary>
internal readonly record struct GeyserEnd(GeyserEndKind Kind, string Reason, bool HadProgress)
{
    /// <summary>What a failed call means.</summary>
    public static GeyserEnd Of(RpcException exception, bool hadProgress)
    {
        var detail = exception.Status.Detail;
        var kind = exception.StatusCode switch
        {
            StatusCode.Unauthenticated or StatusCode.PermissionDenied => GeyserEndKind.Unauthorized,
            StatusCode.ResourceExhausted when Says(detail, "exceeds") => GeyserEndKind.TooLarge,
            StatusCode.DataLoss => GeyserEndKind.Lagged,
            _ when Says(detail, "lagged") || Says(detail, "too slow") => GeyserEndKind.Lagged,
            StatusCode.InvalidArgument or StatusCode.OutOfRange or StatusCode.NotFound or StatusCode.FailedPrecondition or StatusCode.Internal
                when Says(detail, "from_slot") || Says(detail, "replay") || Says(detail, "not available") => GeyserEndKind.NotReplayable,
            StatusCode.InvalidArgument or StatusCode.Unimplemented => GeyserEndKind.Refused,
            StatusCode.Unavailable when !hadProgress => GeyserEndKind.Unreachable,
            _ => GeyserEndKind.Broken,
        };
        return new GeyserEnd(kind, $"{exception.StatusCode}: {detail}", hadProgress);
    }

    private static bool Says(string detail, string what) => detail.Contains(what, StringComparison.OrdinalIgnoreCase);
}
