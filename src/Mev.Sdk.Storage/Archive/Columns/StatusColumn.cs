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
    private const int MaxReturnBytes = 1 << 20;

    /// <summary>Compute units that the transaction may use, as far as its instructions tell.</summary>
    public ulong UnitLimit { get; private set; }

    /// <summary>What can be said before the instructions are known.</summary>
    public void CodeError()
    {
        var (coder, model) = (state.Coder, state.Model);
        coder.Stream = StreamKind.Status;
        model.HasError = coder.Flag(100, model.HasError);
        if (model.HasError)
        {
            var length = coder.Count(101, model.Error.Length, MaxErrorBytes);
            if (coder.IsDecoding)
            {
                model.Error.Reserve(length);
            }

            var bytes = model.Error[0, length];
            for (var i = 0; i < length; i++)
            {
                bytes[i] = coder.Byte(Context.Of(102, (uint)i, i > 0 ? bytes[i - 1] : 0u, (uint)length), bytes[i]);
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
            model.ReturnProgram = state.Keys[id].Key;
            var length = coder.Count(Context.Of(108, (uint)id), model.ReturnData.Length, MaxReturnBytes);
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

    private ulong ExpectedFee()
    {
        var model = state.Model;
        var (price, limit, others) = (0UL, 0UL, 0UL);
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
            price = bytes is [3, ..] && bytes.Length == 9 ? BinaryPrimitives.ReadUInt64LittleEndian(bytes[1..]) : price;
            limit = bytes is [2, ..] && bytes.Length == 5 ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[1..]) : limit;
        }

        var signatures = LamportsPerSignature * (ulong)model.Signatures.Count;
        if (model.Format == TransactionModel.Version1)
        {
            UnitLimit = Math.Min(model.Config[1], MostUnits);
            return signatures + model.Config[0];
        }

        UnitLimit = Math.Min(limit != 0 ? limit : UnitsPerInstruction * others, MostUnits);
        return signatures + (ulong)((((UInt128)price * UnitLimit) + MicroLamports - 1) / MicroLamports);
    }
}
