using System.Buffers.Binary;
using Mev.Sdk.Storage.Archive.Coding;
using Mev.Sdk.Storage.Archive.Transactions;

namespace Mev.Sdk.Storage.Archive.Columns;

/// <summary>Error, fee, return data and compute units of a meta.</summary>
internal sealed class StatusColumn(BlockState state, KeyColumn keys, DataColumn data)
{
    private const ulong LamportsPerSignature = 5000;
    private const uint MicroLamports = 1_000_000;
    private const ulong MostUnits = 1_400_000;
    private const ulong UnitsPerInstruction = 200_000;
    private const int MaxErrorBytes = 64;
    public const int MaxReturnBytes = 1 << 20;

    private readonly GuessTable _errorBytes = new(bits: 10);

    /// <summary>Compute units that the transaction may use, as far as its instructions tell.</summary>
    public ulong UnitLimit { get; private set; }

    /// <summary>Compute units that the transaction asks for, 0 = it does not say.</summary>
    public ulong UnitLimitAsked { get; private set; }

    /// <summary>Price that it offers, micro-lamports a compute unit.</summary>
    public ulong UnitPrice { get; private set; }

    public void Clear() => _errorBytes.Clear();

    public void Copy(StateCopy copy) => _errorBytes.Copy(copy);

    /// <summary>What can be said before the instructions are known.</summary>
    public void CodeError()
    {
        var (coder, model) = (state.Coder, state.Model);
        coder.Stream = StreamKind.Status;
        model.HasError = coder.Flag(100, model.HasError);
        if (model.HasError)
        {
            var length = (int)Math.Min(state.Numbers.Number(101, 101, (ulong)model.Error.Length), MaxErrorBytes + 1);
            if (length > MaxErrorBytes)
            {
                throw new InvalidDataException($"An error of more than {MaxErrorBytes} bytes.");
            }

            if (coder.IsDecoding)
            {
                model.Error.Reserve(length);
            }

            var bytes = model.Error[0, length];
            var hash = 0u;
            for (var i = 0; i < length; i++)
            {
                ref var guess = ref _errorBytes[Context.Of(hash, (uint)i, (uint)length)];
                bytes[i] = guess.Value >= 0 && coder.Flag(FlagFamily.ErrorByte, guess.Confidence, bytes[i] == guess.Value)
                    ? (byte)guess.Value
                    : coder.Byte(Context.Of(102, (uint)i, i > 0 ? bytes[i - 1] : 0u, (uint)length), bytes[i]);
                guess.Follow(bytes[i]);
                hash = Context.Of(hash, bytes[i]);
            }
        }

        model.InnerMissing = coder.Flag(105, model.InnerMissing);
    }

    /// <summary>What follows from the instructions, mostly.</summary>
    public void CodeFee()
    {
        var (coder, model) = (state.Coder, state.Model);
        coder.Stream = StreamKind.Status;
        var fee = ExpectedFee();
        model.Fee = coder.Flag(103, model.Fee == fee) ? fee : coder.Number(104, model.Fee);
    }

    /// <summary>What comes last.</summary>
    public void CodeEnd(ulong unitsOfLog)
    {
        var (coder, model) = (state.Coder, state.Model);
        coder.Stream = StreamKind.Status;
        model.HasReturnData = coder.Flag(106, model.HasReturnData);
        if (model.HasReturnData)
        {
            var id = keys.Expected(107, coder.IsDecoding ? KeyRow.Unknown : state.Keys.Find(in model.ReturnProgram), in model.ReturnProgram, KeyRow.Unknown);
            model.ReturnProgram = state.Keys.Bytes(id);
            var length = coder.Count(Context.Of(108, (uint)id), model.ReturnData.Length, MaxReturnBytes);
            state.Charge(length);
            if (coder.IsDecoding)
            {
                model.ReturnData.Reserve(length);
            }

            data.Code(Context.Of(109, (uint)id, (uint)length), model.ReturnData[0, length], 0, -1, []);
        }

        coder.Stream = StreamKind.Status;
        model.HasUnits = coder.Flag(111, model.HasUnits);
        if (model.HasUnits)
        {
            model.Units = coder.Flag(112, model.Units == unitsOfLog) ? unitsOfLog : unitsOfLog + (ulong)coder.Signed(113, (long)(model.Units - unitsOfLog));
        }

        model.HasCostUnits = coder.Flag(114, model.HasCostUnits);
        if (model.HasCostUnits)
        {
            model.CostUnits = model.Units + (ulong)coder.Signed(115, (long)(model.CostUnits - model.Units));
        }
    }

    /// <summary>Reads what the transaction asks for.</summary>
    public void ReadBudget()
    {
        var model = state.Model;
        (UnitPrice, UnitLimitAsked) = (0, 0);
        var others = 0UL;
        foreach (ref readonly var step in model.Steps.Written)
        {
            if (!step.IsOuter)
            {
                continue;
            }

            if (state.Ids[step.Program] != WellKnownKeys.ComputeBudget)
            {
                others++;
                continue;
            }

            // SetComputeUnitLimit and SetComputeUnitPrice of the compute-budget program.
            var bytes = model.Data(in step);
            UnitPrice = bytes is [3, ..] && bytes.Length == 9 ? BinaryPrimitives.ReadUInt64LittleEndian(bytes[1..]) : UnitPrice;
            UnitLimitAsked = bytes is [2, ..] && bytes.Length == 5 ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[1..]) : UnitLimitAsked;
        }

        var limit = model.Format == TransactionModel.Version1 ? model.Config[1] : UnitLimitAsked != 0 ? UnitLimitAsked : UnitsPerInstruction * others;
        UnitLimit = Math.Min(limit, MostUnits);
    }

    private ulong ExpectedFee()
    {
        var model = state.Model;
        var signatures = LamportsPerSignature * (ulong)model.Signatures.Count;
        return model.Format == TransactionModel.Version1
            ? signatures + model.Config[0]
            : signatures + (ulong)((((UInt128)UnitPrice * UnitLimit) + MicroLamports - 1) / MicroLamports);
    }
}
