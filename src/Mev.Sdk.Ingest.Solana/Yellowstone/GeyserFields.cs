namespace Mev.Sdk.Ingest.Solana.Yellowstone;

/// <summary>Field numbers of <c>geyser.proto</c> and <c>solana-storage.proto</c>; our subset of both stands in docs/proto.</summary>
internal static class GeyserFields
{
    /// <summary>SubscribeRequest.</summary>
    public static class Request
    {
        public const int Accounts = 1;
        public const int Slots = 2;
        public const int Transactions = 3;
        public const int Blocks = 4;
        public const int BlocksMeta = 5;
        public const int Commitment = 6;
        public const int AccountsDataSlice = 7;
        public const int Ping = 9;
        public const int FromSlot = 11;
    }

    /// <summary>SubscribeUpdate.</summary>
    public static class Update
    {
        public const int Account = 2;
        public const int Slot = 3;
        public const int Transaction = 4;
        public const int Block = 5;
        public const int Ping = 6;
        public const int BlockMeta = 7;
        public const int Entry = 8;
        public const int Pong = 9;
        public const int CreatedAt = 11;
    }

    /// <summary>SlotStatus.</summary>
    public static class Status
    {
        public const ulong Processed = 0;
        public const ulong Confirmed = 1;
        public const ulong Finalized = 2;
        public const ulong Dead = 6;
    }
}
