using System.Buffers;
using System.Net.WebSockets;

namespace Mev.Sdk.Ingest.Solana.Ws;

/// <summary>Gathers one message after another in rented memory.</summary>
internal sealed class WsMessage : IDisposable
{
    private byte[] _array = ArrayPool<byte>.Shared.Rent(64 << 10);
    private int _length;

    /// <summary>The last whole message; valid until the next is received.</summary>
    public ReadOnlyMemory<byte> Memory => _array.AsMemory(0, _length);

    /// <summary>Whether the last message was longer than allowed.</summary>
    public bool TooLong { get; private set; }

    public async ValueTask<WsMessageState> ReceiveAsync(WebSocket socket, int maxBytes, CancellationToken cancellationToken)
    {
        _length = 0;
        while (true)
        {
            if (_length == _array.Length)
            {
                var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(2L * _array.Length, Array.MaxLength));
                _array.AsSpan(0, _length).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(_array);
                _array = larger;
            }

            var received = await socket.ReceiveAsync(_array.AsMemory(_length), cancellationToken).ConfigureAwait(false);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                return WsMessageState.Closed;
            }

            _length += received.Count;
            if (_length > maxBytes)
            {
                TooLong = true;
                return WsMessageState.TooLong;
            }

            if (received.EndOfMessage)
            {
                return WsMessageState.Whole;
            }
        }
    }

    public void Dispose()
    {
        var array = _array;
        _array = [];
        if (array.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(array);
        }
    }
}
