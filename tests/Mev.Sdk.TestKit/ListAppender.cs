using Mev.Sdk.Wire;

namespace Mev.Sdk.TestKit;

/// <summary>Keeps what is appended, after checking that each is one whole frame.</summary>
public sealed class ListAppender : IRecordAppender
{
    public List<byte[]> Frames { get; } = [];

    public bool IsFull { get; set; }

    public bool TryAppend(ReadOnlySpan<byte> frame)
    {
        if (IsFull)
        {
            return false;
        }

        var error = FrameReader.Check(frame);
        if (error != FrameError.None)
        {
            throw new ArgumentException($"Not one frame: {error}.", nameof(frame));
        }

        Frames.Add(frame.ToArray());
        return true;
    }
}
