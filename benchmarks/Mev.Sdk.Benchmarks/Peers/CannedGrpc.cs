using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;

namespace Mev.Sdk.Benchmarks.Peers;

/// <summary>Answers every call with the same stream of messages from memory: what is measured is the client, not a network and a server.</summary>
internal sealed class CannedGrpc(IReadOnlyList<byte[]> messages) : HttpMessageHandler
{
    private readonly byte[] _body = Frame(messages);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var content = new ByteArrayContent(_body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        var response = new HttpResponseMessage(HttpStatusCode.OK) { Version = HttpVersion.Version20, RequestMessage = request, Content = content };
        response.TrailingHeaders.Add("grpc-status", "0");
        return Task.FromResult(response);
    }

    // A gRPC message: one byte for compression, four for the length, big-endian.
    private static byte[] Frame(IReadOnlyList<byte[]> messages)
    {
        var body = new byte[messages.Sum(static message => message.Length + 5)];
        var at = 0;
        foreach (var message in messages)
        {
            BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(at + 1), message.Length);
            message.CopyTo(body, at + 5);
            at += message.Length + 5;
        }

        return body;
    }
}
