namespace Mev.Sdk.Solana.Meta;

/// <summary>All inner instructions of a status meta in order of execution, for <c>foreach</c>.</summary>
/// <remarks>Borrows the meta's bytes. Structure was checked when the meta was parsed.</remarks>
public ref struct InnerInstructions
{
    private ProtoReader _meta;
    private ProtoReader _group;
    private int _outer;
    private int _index;

    internal InnerInstructions(ReadOnlySpan<byte> meta, int start)
    {
        _meta = new ProtoReader(meta, start);
        _outer = -1;
    }

    /// <summary>The instruction that the enumerator stands on.</summary>
    public InnerInstruction Current { readonly get; private set; }

    /// <summary>The enumerator itself.</summary>
    /// <returns>A copy at the same place.</returns>
    public readonly InnerInstructions GetEnumerator() => this;

    /// <summary>Steps to the next instruction.</summary>
    /// <returns>False behind the last.</returns>
    public bool MoveNext()
    {
        while (true)
        {
            while (_group.Next())
            {
                if (_group.Field == MetaFields.GroupInstructions && TryRead(_group.Bytes, _outer, _index, out var instruction))
                {
                    _index++;
                    Current = instruction;
                    return true;
                }
            }

            if (!NextGroup())
            {
                return false;
            }
        }
    }

    private bool NextGroup()
    {
        while (_meta.Next())
        {
            if (_meta.Field != MetaFields.InnerInstructions)
            {
                continue;
            }

            var outer = IndexOf(_meta.Bytes);
            _index = outer == _outer ? _index : 0;
            _outer = outer;
            _group = new ProtoReader(_meta.Bytes);
            return true;
        }

        return false;
    }

    internal static bool Check(ReadOnlySpan<byte> group)
    {
        var reader = new ProtoReader(group);
        while (reader.Next())
        {
            var fits = (reader.Field, reader.Wire) switch
            {
                (MetaFields.GroupIndex, _) => reader.Wire == ProtoReader.WireVarint && reader.Number < ushort.MaxValue,
                (MetaFields.GroupInstructions, _) => reader.Wire == ProtoReader.WireBytes && TryRead(reader.Bytes, 0, 0, out _),
                _ => true,
            };
            if (!fits)
            {
                return false;
            }
        }

        return !reader.IsMalformed;
    }

    private static int IndexOf(ReadOnlySpan<byte> group)
    {
        var reader = new ProtoReader(group);
        while (reader.Next())
        {
            if (reader.Field == MetaFields.GroupIndex)
            {
                return (int)reader.Number;
            }
        }

        return 0;
    }

    private static bool TryRead(ReadOnlySpan<byte> message, int outer, int index, out InnerInstruction instruction)
    {
        ulong program = 0, height = 0;
        ReadOnlySpan<byte> accounts = default, data = default;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field, reader.Wire)
            {
                case (MetaFields.ProgramIndex, ProtoReader.WireVarint):
                    program = reader.Number;
                    break;
                case (MetaFields.Accounts, ProtoReader.WireBytes):
                    accounts = reader.Bytes;
                    break;
                case (MetaFields.Data, ProtoReader.WireBytes):
                    data = reader.Bytes;
                    break;
                case (MetaFields.StackHeight, ProtoReader.WireVarint):
                    height = reader.Number;
                    break;
            }
        }

        instruction = new InnerInstruction(outer, index, (uint)program, accounts, data, (uint)height);
        return !reader.IsMalformed && program <= uint.MaxValue && height <= uint.MaxValue;
    }
}
