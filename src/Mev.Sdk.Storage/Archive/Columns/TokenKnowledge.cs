namespace Mev.Sdk.Storage.Archive.Columns;

/// <summary>Whether a key is known to be a token account.</summary>
internal enum TokenKnowledge : byte
{
    Never,
    Not,
    Was,
    Is,
}
