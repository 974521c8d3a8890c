using Mev.Sdk.Ingest.Solana.Internal;
using Mev.Sdk.Solana.Transactions;

namespace Mev.Sdk.Ingest.Solana.Yellowstone;

/// <summary>Puts a version-1 transaction's wire bytes together from <c>solana.storage.ConfirmedBlock.Transaction</c>.</summary>
/// <remarks>
/// The schema's field <c>config</c> stands in version 1 only, and tells its four requests apart from missing ones (yellowstone-grpc, <c>solana-storage.proto</c>, as of
/// August 2026). Not thread-safe. Whether the bytes are a transaction is for the decoder to say.
/// </remarks>
internal sealed class GeyserTransactionV1
{
    private const int ConfigField = 7;

    private readonly TransactionBuilder _builder = new();

    /// <summary>Whether a message has a configuration.</summary>
    public static bool IsVersion1(ReadOnlySpan<byte> message)
    {
        var fields = new ProtoFields(message);
        while (fields.Next())
        {
            if (fields.Field == ConfigField)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Writes one transaction.</summary>
    /// <param name="transaction">The protobuf message, whose signatures are 64 bytes long.</param>
    /// <param name="message">Its message.</param>
    /// <param name="wire">Where the bytes go.</param>
    /// <param name="problem">What is wrong, or null.</param>
    public bool TryWrite(ReadOnlySpan<byte> transaction, ReadOnlySpan<byte> message, ByteBuffer wire, out string? problem)
    {
        _builder.Clear();
        var fields = new ProtoFields(transaction);
        while (fields.Next())
        {
            if (fields.Field == 1)
            {
                _builder.AddSignature(new Signature(fields.Bytes));
            }
        }

        problem = AddMessage(message);
        if (problem is not null)
        {
            return false;
        }

        try
        {
            wire.Add(_builder.ToArray());
            return true;
        }
        catch (InvalidOperationException refused)
        {
            problem = refused.Message;
            return false;
        }
    }

    private string? AddMessage(ReadOnlySpan<byte> message)
    {
        var hasBlockhash = false;
        var fields = new ProtoFields(message);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    if (!TryHeader(fields.Bytes))
                    {
                        return "the message's header is malformed";
                    }

                    break;
                case 2 or 3 when fields.Bytes.Length != Pubkey.Size:
                    return fields.Field == 2 ? "a key is not 32 bytes long" : "the message's blockhash is not 32 bytes long";
                case 2:
                    _builder.AddKey(new Pubkey(fields.Bytes));
                    break;
                case 3:
                    _builder.SetRecentBlockhash(new Pubkey(fields.Bytes));
                    hasBlockhash = true;
                    break;
                case 4:
                    if (!TryInstruction(fields.Bytes))
                    {
                        return "an instruction is malformed";
                    }

                    break;
                case 6:
                    return "a message of version 1 has address lookups, which that version does not know";
                case ConfigField:
                    if (!TryConfig(fields.Bytes))
                    {
                        return "the message's configuration is malformed";
                    }

                    break;
            }
        }

        return fields.IsMalformed || !hasBlockhash ? "the message is malformed" : null;
    }

    private bool TryHeader(ReadOnlySpan<byte> header)
    {
        Span<ulong> counts = stackalloc ulong[3];
        counts.Clear();
        var fields = new ProtoFields(header);
        while (fields.Next())
        {
            if (fields.Field <= counts.Length)
            {
                counts[fields.Field - 1] = fields.Number;
            }
        }

        if (fields.IsMalformed || counts.ContainsAnyExceptInRange(0UL, byte.MaxValue))
        {
            return false;
        }

        _builder.SetHeader((byte)counts[0], (byte)counts[1], (byte)counts[2]);
        return true;
    }

    private bool TryInstruction(ReadOnlySpan<byte> instruction)
    {
        ulong program = 0;
        ReadOnlySpan<byte> accounts = default, data = default;
        var fields = new ProtoFields(instruction);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    program = fields.Number;
                    break;
                case 2:
                    accounts = fields.Bytes;
                    break;
                case 3:
                    data = fields.Bytes;
                    break;
            }
        }

        if (fields.IsMalformed || program > byte.MaxValue || accounts.Length > byte.MaxValue || data.Length > ushort.MaxValue)
        {
            return false;
        }

        _builder.AddInstruction((byte)program, accounts, data);
        return true;
    }

    private bool TryConfig(ReadOnlySpan<byte> bytes)
    {
        var config = default(TransactionConfig);
        var fields = new ProtoFields(bytes);
        while (fields.Next())
        {
            if (fields.Field is >= 2 and <= 4 && fields.Number > uint.MaxValue)
            {
                return false;
            }

            config = fields.Field switch
            {
                1 => config with { PriorityFeeLamports = fields.Number },
                2 => config with { ComputeUnitLimit = (uint)fields.Number },
                3 => config with { LoadedAccountsDataSizeLimit = (uint)fields.Number },
                4 => config with { HeapSize = (uint)fields.Number },
                _ => config,
            };
        }

        _builder.SetConfig(config);
        return !fields.IsMalformed;
    }
}
