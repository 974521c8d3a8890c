using System.Buffers.Binary;
using System.Text;
using Mev.Sdk.Records;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.ClickHouse.Internal;

/// <summary>What makes an observed opportunity the same one when it is replayed.</summary>
internal readonly record struct ObservedKey(Signature Signature, string Type, ushort Strategy, Pubkey? Pool, long ExpectedProfit)
{
    private static readonly HistoryTable Table = HistoryTables.MevOpportunities;

    /// <returns>False for one that was reported, or that no transaction opened.</returns>
    public static bool TryMake(OpportunityMerge row, out ObservedKey key)
    {
        var flags = (OpportunityFlags)BinaryPrimitives.ReadUInt32LittleEndian(row.Value(Table["flags"]));
        if (!flags.HasFlag(OpportunityFlags.Observed) || row.IsNull(OpportunityMerge.Signature))
        {
            key = default;
            return false;
        }

        var pool = Table["pool"];
        key = new ObservedKey(
            new Signature(row.Value(OpportunityMerge.Signature)),
            Encoding.UTF8.GetString(row.Value(Table["type"])),
            BinaryPrimitives.ReadUInt16LittleEndian(row.Value(Table["strategy"])),
            row.IsNull(pool) ? null : new Pubkey(row.Value(pool)),
            BinaryPrimitives.ReadInt64LittleEndian(row.Value(Table["expected_profit_lamports"])));
        return true;
    }
}
