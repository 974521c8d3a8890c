namespace Mev.Sdk.Storage.Archive.Derivation;

/// <summary>How a key of a transaction follows from the rest of it.</summary>
internal struct DerivedKey
{
    /// <summary>Associated token account of the owner, mint and program that its token balance tells.</summary>
    public const int OfTokenBalance = 0;

    /// <summary>Account that a CreateAccountWithSeed names.</summary>
    public const int WithSeed = 1;

    /// <summary>Ids of rules count from here.</summary>
    public const int FirstRule = 2;

    public int Kind;

    /// <summary>Bump counted down from 255, or nonce counted up from 0.</summary>
    public int Try;
}
