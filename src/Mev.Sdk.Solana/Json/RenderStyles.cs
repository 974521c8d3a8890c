using System.Text.Json;

namespace Mev.Sdk.Solana.Json;

/// <summary>Tells a rendering's style from the rendering.</summary>
internal static class RenderStyles
{
    public static RenderStyle Of(JsonElement transaction)
    {
        var style = transaction.TryGetProperty("version", out _) ? RenderStyle.None : RenderStyle.NoVersion;
        if (transaction.TryGetProperty("meta", out var meta) && meta.ValueKind == JsonValueKind.Object)
        {
            style |= OfMeta(meta);
        }

        if (transaction.TryGetProperty("transaction", out var inner) && inner.ValueKind == JsonValueKind.Object
            && inner.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.Object)
        {
            style |= OfMessage(message);
        }

        return style;
    }

    private static RenderStyle OfMeta(JsonElement meta)
    {
        var style = RenderStyle.None;
        style |= Kind(meta, "rewards") switch { JsonValueKind.Null => RenderStyle.RewardsNull, JsonValueKind.Undefined => RenderStyle.RewardsAbsent, _ => RenderStyle.None };
        style |= Kind(meta, "status") == JsonValueKind.Undefined ? RenderStyle.StatusAbsent : RenderStyle.None;
        style |= Kind(meta, "loadedAddresses") == JsonValueKind.Undefined ? RenderStyle.LoadedAddressesAbsent : RenderStyle.None;
        style |= Kind(meta, "returnData") switch
        {
            JsonValueKind.Null => RenderStyle.ReturnDataNull,
            JsonValueKind.Object when IsEmptyReturn(meta.GetProperty("returnData")) => RenderStyle.ReturnDataEmpty,
            _ => RenderStyle.None,
        };
        foreach (var group in Elements(meta, "innerInstructions"))
        {
            foreach (var instruction in Elements(group, "instructions"))
            {
                style |= Kind(instruction, "stackHeight") == JsonValueKind.Null ? RenderStyle.InnerStackHeightNull : RenderStyle.None;
            }
        }

        foreach (var list in (string[])["preTokenBalances", "postTokenBalances"])
        {
            foreach (var balance in Elements(meta, list))
            {
                if (balance.ValueKind == JsonValueKind.Object && balance.TryGetProperty("uiTokenAmount", out var amount)
                    && Kind(amount, "uiAmount") == JsonValueKind.Number && amount.GetProperty("uiAmount").TryGetDouble(out var value) && value == 0)
                {
                    style |= RenderStyle.ZeroUiAmount;
                }
            }
        }

        return style;
    }

    private static RenderStyle OfMessage(JsonElement message)
    {
        var style = Kind(message, "addressTableLookups") == JsonValueKind.Null ? RenderStyle.LookupsNull : RenderStyle.None;
        foreach (var instruction in Elements(message, "instructions"))
        {
            style |= Kind(instruction, "stackHeight") switch
            {
                JsonValueKind.Number => RenderStyle.OuterStackHeightOne,
                JsonValueKind.Undefined => RenderStyle.OuterStackHeightAbsent,
                _ => RenderStyle.None,
            };
            break; // all alike
        }

        foreach (var key in Elements(message, "accountKeys"))
        {
            style |= key.ValueKind == JsonValueKind.Object && Kind(key, "source") == JsonValueKind.Undefined ? RenderStyle.KeySourceAbsent : RenderStyle.None;
            break;
        }

        return style;
    }

    private static bool IsEmptyReturn(JsonElement returned) =>
        Kind(returned, "data") == JsonValueKind.Array && returned.GetProperty("data") is var data && data.GetArrayLength() == 2
        && data[0].ValueKind == JsonValueKind.String && data[0].ValueEquals("") && data[1].ValueKind == JsonValueKind.String && data[1].ValueEquals("");

    private static JsonValueKind Kind(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) ? value.ValueKind : JsonValueKind.Undefined;

    private static JsonElement.ArrayEnumerator Elements(JsonElement parent, string name) =>
        Kind(parent, name) == JsonValueKind.Array ? parent.GetProperty(name).EnumerateArray() : default;
}
