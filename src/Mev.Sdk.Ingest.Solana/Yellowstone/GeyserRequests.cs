using System.Text;
using Mev.Sdk.Ingest.Solana.Internal;

namespace Mev.Sdk.Ingest.Solana.Yellowstone;

/// <summary>Writes <c>SubscribeRequest</c>s.</summary>
internal static class GeyserRequests
{
    private static readonly byte[] FilterName = "mev"u8.ToArray();

    /// <summary>What opens a stream: slots and block metas always, since they tell what is missing.</summary>
    public static byte[] Subscribe(YellowstoneSourceOptions options, ulong? fromSlot)
    {
        var request = new ByteBuffer();
        var filter = new ByteBuffer();
        if (options.Accounts.IsSet)
        {
            Texts(filter, 2, options.Accounts.Accounts);
            Texts(filter, 3, options.Accounts.Owners);
            Entry(request, GeyserFields.Request.Accounts, filter);
        }

        filter.OptionalNumber(1, 0); // filter_by_commitment = false: every status of every slot
        Entry(request, GeyserFields.Request.Slots, filter);
        if (options.WholeBlocks)
        {
            Texts(filter, 1, options.Transactions.AccountInclude);
            filter.OptionalNumber(2, 1); // include_transactions
            Entry(request, GeyserFields.Request.Blocks, filter);
        }
        else
        {
            Flag(filter, 1, options.Transactions.Vote);
            Flag(filter, 2, options.Transactions.Failed);
            Texts(filter, 3, options.Transactions.AccountInclude);
            Texts(filter, 4, options.Transactions.AccountExclude);
            Texts(filter, 6, options.Transactions.AccountRequired);
            Entry(request, GeyserFields.Request.Transactions, filter);
        }

        Entry(request, GeyserFields.Request.BlocksMeta, filter);
        request.OptionalNumber(GeyserFields.Request.Commitment, (ulong)options.Commitment);
        if (fromSlot is { } slot)
        {
            request.OptionalNumber(GeyserFields.Request.FromSlot, slot);
        }

        return request.Written.ToArray();
    }

    /// <summary>The answer to a server's ping; filters stay as they are.</summary>
    public static byte[] Ping(int id)
    {
        var ping = new ByteBuffer();
        ping.Number(1, (ulong)id);
        var request = new ByteBuffer();
        request.Element(GeyserFields.Request.Ping, ping.Written);
        return request.Written.ToArray();
    }

    // map<string, Filter>: an entry of key 1 and value 2.
    private static void Entry(ByteBuffer request, int field, ByteBuffer filter)
    {
        var entry = new ByteBuffer();
        entry.Element(1, FilterName);
        entry.Element(2, filter.Written);
        request.Element(field, entry.Written);
        filter.Clear();
    }

    private static void Flag(ByteBuffer filter, int field, bool? flag)
    {
        if (flag is { } value)
        {
            filter.OptionalNumber(field, value ? 1u : 0);
        }
    }

    private static void Texts(ByteBuffer filter, int field, IEnumerable<string> texts)
    {
        foreach (var text in texts)
        {
            filter.Element(field, Encoding.UTF8.GetBytes(text));
        }
    }
}
