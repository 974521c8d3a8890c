namespace Mev.Sdk.Features.Operators;

/// <summary>What the transaction asks for and offers.</summary>
internal sealed class RequestOperator() : FeatureOperator(
[
    new(new("tx.compute_unit_price", "micro-lamports/CU"), 0, FeatureInputs.Request,
        "Compute-unit price asked for; 0 when none was set, which is what the runtime then charges."),
    new(new("tx.compute_unit_limit", "CU"), 0, FeatureInputs.Request,
        "Compute-unit limit asked for; missing when none was set."),
    new(new("tx.tip", "lamports"), 0, FeatureInputs.Request | FeatureInputs.Execution,
        "Lamports sent to Jito tip accounts; without status meta only those of outer instructions."),
])
{
    public override void Compute(in FeatureInput input, Span<float> destination)
    {
        ref readonly var block = ref input.Transaction.Record;
        destination[0] = block.ComputeUnitPriceMicroLamports;
        destination[1] = block.ComputeUnitLimit == 0 ? float.NaN : block.ComputeUnitLimit;
        destination[2] = block.TipLamports;
    }
}
