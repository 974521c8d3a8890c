using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Publishing;

internal sealed partial class Subscriber
{
    // Completes with the engine's own proof, or with nothing when the host's was wrong.
    private readonly TaskCompletionSource<Bytes32?> _proved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isProved;
    private byte[] _helloFrame = [];
    private byte[] _challengeFrame = [];

    /// <summary>Whether the host has proven that it has a key. Any thread.</summary>
    public bool IsProved => _isProved;

    // Whether the peer may be listened to. Used by the reader alone.
    private bool IsKnown => _isProved || limits.Keys.Count == 0;

    /// <summary>Says hello and, where there is a key, has the host prove that it knows it.</summary>
    /// <returns>Whether the host may be served.</returns>
    private async Task<bool> IntroduceAsync(Task reading, CancellationToken cancellationToken)
    {
        if (limits.Keys.Count == 0)
        {
            await SendAsync(SessionFrames.Hello(in hello, engineName, Now()), cancellationToken).ConfigureAwait(false);
            return true;
        }

        // Written by this side before the first byte leaves, read by the other after one came.
        _helloFrame = SessionFrames.Hello(in hello, engineName, Now());
        _challengeFrame = SessionFrames.Challenge(SessionProof.DrawNonce());
        await SendAsync((byte[])[.. _helloFrame, .. _challengeFrame], cancellationToken).ConfigureAwait(false);
        var proof = await _proved.Task.WaitAsync(limits.Handshake, time, cancellationToken).ConfigureAwait(false);
        if (proof is { } own)
        {
            await SendAsync(SessionFrames.Proof(default, in own), cancellationToken).ConfigureAwait(false);
            return true;
        }

        var step = new SendStep(SendKind.Goodbye, Next: hello.NextSequence, Code: GoodbyeCode.Unauthorized, Reason: "not authorized.");
        await SayGoodbyeAsync(step, reading, cancellationToken).ConfigureAwait(false);
        _leftBecause = "it did not prove that it has the key.";
        return false;
    }

    // Whatever is not the right proof ends in the same few words.
    private void CheckProof(ReadOnlyMemory<byte> frame)
    {
        Bytes32? answer = null;
        if (_challengeFrame.Length > 0 && !_proved.Task.IsCompleted && SessionFrames.TryRead<ProofMessage>(frame, out var proof))
        {
            // All keys are tried, so that the time does not tell which of them was right.
            foreach (var key in limits.Keys)
            {
                var expected = SessionProof.OfHost(key, _helloFrame, _challengeFrame, in proof.Nonce, isDialed);
                if (SessionProof.Matches(in expected, in proof.Mac))
                {
                    answer = SessionProof.OfEngine(key, _helloFrame, _challengeFrame, in proof.Nonce, isDialed);
                }
            }
        }

        if (answer is not null && _proved.TrySetResult(answer))
        {
            _isProved = true;
        }

        _proved.TrySetResult(null);
    }
}
