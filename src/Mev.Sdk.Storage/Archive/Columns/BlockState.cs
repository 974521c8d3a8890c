using Mev.Sdk.Storage.Archive.Coding;
using Mev.Sdk.Storage.Archive.Transactions;

namespace Mev.Sdk.Storage.Archive.Columns;

/// <summary>What the columns of one block share; the same on both sides after every transaction.</summary>
internal sealed class BlockState
{
    public readonly SymbolCoder Coder = new();
    public readonly KeyTable Keys;
    public readonly NumberMemory Numbers;
    public readonly History History;
    public readonly OpaqueStream Opaque = new();

    /// <summary>The transaction that is coded.</summary>
    public TransactionModel Model = new();

    /// <summary>Ids of its keys by position.</summary>
    public readonly int[] Ids = new int[TransactionModel.MaxKeys];

    /// <summary>Ids of the transaction's keys whose bytes follow from the rest of it.</summary>
    public readonly Rows<int> Derived = new();

    /// <summary>Places in the model's bytes that wait for the bytes of a derived key.</summary>
    public readonly Rows<Patch> Patches = new();

    /// <summary>How many of <see cref="Ids"/> are set.</summary>
    public int KeyCount;

    /// <summary>Number of the transaction within the block.</summary>
    public int Transaction;

    public BlockState(bool encodes, ReadOnlySpan<Pubkey> dictionary)
    {
        Encodes = encodes;
        Keys = new KeyTable(encodes, dictionary);
        History = new History(encodes);
        Numbers = new NumberMemory(Coder);
    }

    /// <summary>Whether what was seen is found by its bytes.</summary>
    public bool Encodes { get; }

    public bool IsDecoding => Coder.IsDecoding;

    /// <summary>Decoding: bytes that may yet be made, so that a short block cannot ask for all memory.</summary>
    public long Budget { get; set; }

    /// <summary>Charges the budget for something of a decoded size.</summary>
    /// <exception cref="InvalidDataException">More would be made than the block says it holds.</exception>
    public void Charge(long bytes)
    {
        Budget -= bytes;
        if (IsDecoding && Budget < 0)
        {
            throw new InvalidDataException("The block makes more than it says it holds.");
        }
    }

    public void Clear()
    {
        Coder.Clear();
        Keys.Clear();
        Numbers.Clear();
        Transaction = 0;
    }

    public void Copy(StateCopy copy)
    {
        Coder.Copy(copy);
        Numbers.Copy(copy);
        copy.Value(ref Transaction);
    }

    public void BeginTransaction()
    {
        Transaction++;
        KeyCount = 0;
        Derived.Clear();
        Patches.Clear();
        History.Clear();
    }

    /// <summary>Appends a key to the transaction.</summary>
    public void Place(int id)
    {
        if (KeyCount == Ids.Length)
        {
            throw new InvalidDataException("A transaction has more keys than an instruction can name.");
        }

        ref var row = ref Keys.Change(id);
        (row.Stamp, row.Position) = (Transaction, (byte)KeyCount);
        Ids[KeyCount++] = id;
    }

    public bool IsInTransaction(int id) => Keys[id].Stamp == Transaction;

    /// <summary>Bits that any position of the transaction's keys fits into, at least 1.</summary>
    public int PositionBits => KeyCount <= 2 ? 1 : 32 - System.Numerics.BitOperations.LeadingZeroCount((uint)(KeyCount - 1));

    /// <summary>Codes one of the transaction's keys.</summary>
    /// <returns>Its id.</returns>
    public int PositionedKey(uint context, int id)
    {
        var position = Coder.Symbol(context, IsDecoding ? 0 : Keys[id].Position, PositionBits);
        return position < KeyCount ? Ids[position] : throw new InvalidDataException($"Key {position} of {KeyCount}.");
    }

    /// <summary>Codes any key by its id.</summary>
    public int KnownKey(uint context, int id)
    {
        id = Coder.Symbol(context, id, Keys.IdBits);
        return id < Keys.Count ? id : throw new InvalidDataException($"Key id {id} of {Keys.Count}.");
    }
}
