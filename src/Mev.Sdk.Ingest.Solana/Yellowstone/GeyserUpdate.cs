namespace Mev.Sdk.Ingest.Solana.Yellowstone;

/// <summary>A <c>SubscribeUpdate</c> in place.</summary>
internal readonly ref struct GeyserUpdate
{
    private GeyserUpdate(int kind, ReadOnlySpan<byte> body, ulong createdNanoseconds)
    {
        Kind = kind;
        Body = body;
        CreatedNanoseconds = createdNanoseconds;
    }

    /// <summary>Which of the oneof's fields it is, see <see cref="GeyserFields.Update"/>; 0 = one that is not known.</summary>
    public int Kind { get; }

    /// <summary>The update itself.</summary>
    public ReadOnlySpan<byte> Body { get; }

    /// <summary>When the server made it, nanoseconds since the Unix epoch; 0 = it does not say.</summary>
    public ulong CreatedNanoseconds { get; }

    public static bool TryRead(ReadOnlySpan<byte> message, out GeyserUpdate update)
    {
        var kind = 0;
        ReadOnlySpan<byte> body = default;
        ulong created = 0;
        var fields = new ProtoFields(message);
        while (fields.Next())
        {
            if (fields.Field is >= GeyserFields.Update.Account and <= 10)
            {
                kind = fields.Field;
                body = fields.Bytes;
            }
            else if (fields.Field == GeyserFields.Update.CreatedAt)
            {
                created = Timestamp(fields.Bytes);
            }
        }

        update = new GeyserUpdate(kind, body, created);
        return !fields.IsMalformed;
    }

    // google.protobuf.Timestamp: seconds 1, nanos 2. What is out of any sensible range is as good as not said.
    private static ulong Timestamp(ReadOnlySpan<byte> timestamp)
    {
        ulong seconds = 0, nanoseconds = 0;
        var fields = new ProtoFields(timestamp);
        while (fields.Next())
        {
            if (fields.Field == 1)
            {
                seconds = fields.Number;
            }
            else if (fields.Field == 2)
            {
                nanoseconds = fields.Number;
            }
        }

        return seconds > 10_000_000_000 || nanoseconds >= 1_000_000_000 ? 0 : (seconds * 1_000_000_000) + nanoseconds;
    }
}
