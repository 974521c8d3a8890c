namespace Mev.Sdk.Storage.Archive.Coding;

/// <summary>Decisions whose contexts are few and small numbers, so that their states lie side by side; the numbers are part of the format.</summary>
internal enum FlagFamily
{
    /// <summary>Data: a byte is the one that stood there; one family for each <see cref="StreamKind"/>.</summary>
    SameByte = 0,

    /// <summary>Data: a reference stands here; one family for each <see cref="StreamKind"/>.</summary>
    Reference = 32,

    /// <summary>Data: a byte is the one that followed the bytes before it.</summary>
    Followed = 64,
    FirstByte,
    LineKind,
    LineKindWide,
    Height,
    Tokens,
    Balances,
    Template,
    TemplateWide,
    Program,
    ProgramWide,
    Account,
    AccountMore,
    Count,
}
