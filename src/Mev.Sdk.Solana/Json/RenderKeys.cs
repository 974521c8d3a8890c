using Mev.Sdk.Solana.Meta;
using Mev.Sdk.Solana.Transactions;

namespace Mev.Sdk.Solana.Json;

/// <summary>A transaction's keys as text, in the order of their indices.</summary>
internal static class RenderKeys
{
    public static string[] Of(in WireTransaction transaction, in StatusMeta status)
    {
        var keys = new List<string>(transaction.KeyCount);
        foreach (ref readonly var key in transaction.StaticKeys)
        {
            keys.Add(key.ToString());
        }

        foreach (ref readonly var key in status.LoadedWritable)
        {
            keys.Add(key.ToString());
        }

        foreach (ref readonly var key in status.LoadedReadonly)
        {
            keys.Add(key.ToString());
        }

        return [.. keys];
    }

    /// <summary>The key of an index; the empty text of one that is not there, as when lookups were not resolved.</summary>
    public static string At(this string[] keys, uint index) => index < (uint)keys.Length ? keys[index] : "";
}
