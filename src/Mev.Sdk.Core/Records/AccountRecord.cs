using System.Runtime.InteropServices;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Records;

/// <summary>An account as of a write. Variable data: data (the account's bytes).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = Size)]
public struct AccountRecord : IMessageLayout
{
    /// <summary>Bytes of the block.</summary>
    public const int Size = 168;

    /// <inheritdoc/>
    public static ushort TemplateId => TemplateIds.Account;

    /// <summary>The account.</summary>
    public Pubkey Address;

    /// <summary>The program that owns it.</summary>
    public Pubkey Owner;

    /// <summary>The transaction that wrote it; zero = unknown.</summary>
    public Signature TransactionSignature;

    /// <summary>Slot of the write.</summary>
    public ulong Slot;

    /// <summary>Orders the writes of one account within a slot: the greater is the later.</summary>
    public ulong WriteVersion;

    /// <summary>Balance, lamports.</summary>
    public ulong Lamports;

    /// <summary>Epoch at which rent is next due, as the chain states it.</summary>
    public ulong RentEpoch;

    /// <summary>How final the write was when it was seen.</summary>
    public SightingStage Stage;

    /// <summary>Properties; see <see cref="AccountFlags"/>.</summary>
    public AccountFlags Flags;

    /// <summary>Reserved; 0.</summary>
    public ushort Reserved1;

    /// <summary>Reserved; 0.</summary>
    public uint Reserved2;
}
