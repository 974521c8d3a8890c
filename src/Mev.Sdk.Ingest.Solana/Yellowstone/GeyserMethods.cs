using Grpc.Core;

namespace Mev.Sdk.Ingest.Solana.Yellowstone;

/// <summary>The two methods of <c>geyser.Geyser</c> that are called, over bytes: no generated code.</summary>
internal static class GeyserMethods
{
    private const string Service = "geyser.Geyser";

    private static readonly Marshaller<byte[]> Bytes = new(
        static (message, context) => context.Complete(message),
        static context => context.PayloadAsNewBuffer());

    private static readonly Marshaller<GeyserMessage> Messages = new(
        static (_, _) => throw new NotSupportedException("Updates are only received."),
        static context => GeyserMessage.Copy(context.PayloadAsReadOnlySequence()));

    public static Method<byte[], GeyserMessage> Subscribe { get; } = new(MethodType.DuplexStreaming, Service, "Subscribe", Bytes, Messages);

    public static Method<byte[], byte[]> SubscribeReplayInfo { get; } = new(MethodType.Unary, Service, "SubscribeReplayInfo", Bytes, Bytes);
}
