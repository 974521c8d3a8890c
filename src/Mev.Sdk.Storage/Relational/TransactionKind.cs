namespace Mev.Sdk.Storage.Relational;

/// <summary>Kinds of transactions that a query can ask for.</summary>
public enum TransactionKind
{
    /// <summary>All of them.</summary>
    Any = 0,

    /// <summary>Those that executed a swap.</summary>
    Swap,

    /// <summary>Those that failed.</summary>
    Failed,

    /// <summary>Simple votes.</summary>
    Vote,

    /// <summary>Those that paid a Jito tip.</summary>
    Tipped,

    /// <summary>Those that succeeded, swapped nothing and are no votes.</summary>
    Other,
}
