using System.Text.Json;

namespace Mev.Sdk.Solana.Json;

/// <summary>Habits of a node version that every transaction of a block shares and that wire and meta do not tell.</summary>
/// <remarks>Kept as one number at the head of the residual; 0 is the habit of today's nodes.</remarks>
[Flags]
internal enum RenderStyle : uint
{
    None = 0,

    /// <summary>No <c>version</c>: the node was not asked for a highest version.</summary>
    NoVersion = 1 << 0,

    /// <summary><c>rewards</c> is null; else an empty list.</summary>
    RewardsNull = 1 << 1,

    /// <summary>No <c>rewards</c>.</summary>
    RewardsAbsent = 1 << 2,

    /// <summary>No <c>status</c>.</summary>
    StatusAbsent = 1 << 3,

    /// <summary><c>returnData</c> is null when there is none; else it is absent.</summary>
    ReturnDataNull = 1 << 4,

    /// <summary>No <c>loadedAddresses</c>.</summary>
    LoadedAddressesAbsent = 1 << 5,

    /// <summary>Outer instructions carry <c>stackHeight</c> 1; else null or nothing.</summary>
    OuterStackHeightOne = 1 << 6,

    /// <summary>Outer instructions carry no <c>stackHeight</c>.</summary>
    OuterStackHeightAbsent = 1 << 7,

    /// <summary>Inner instructions whose depth is not recorded carry <c>stackHeight</c> null.</summary>
    InnerStackHeightNull = 1 << 8,

    /// <summary>Legacy messages carry <c>addressTableLookups</c> null.</summary>
    LookupsNull = 1 << 9,

    /// <summary>Keys of jsonParsed carry no <c>source</c>.</summary>
    KeySourceAbsent = 1 << 10,

    /// <summary>A token balance of 0 shows <c>uiAmount</c> 0.0; else null.</summary>
    ZeroUiAmount = 1 << 11,

    /// <summary><c>returnData</c> is a program and data of empty texts when there is none.</summary>
    ReturnDataEmpty = 1 << 12,
}
