using Mev.Sdk.Benchmarks.Areas.Ingest;
using Mev.Sdk.Benchmarks.Data;
using Mev.Sdk.Benchmarks.Scorecard;

namespace Mev.Sdk.Benchmarks.Areas;

/// <summary>From an engine's bytes to records that code can use and that last.</summary>
internal sealed class IngestArea : IArea
{
    public string Name => "ingest";

    public IEnumerable<Measure> Run()
    {
        var (source, origin) = FrameSource.Load();
        return DecodeMeasures.Run(source, origin)
            .Concat(StreamMeasures.Run(source, origin))
            .Concat(JournalMeasures.Run(source, origin));
    }
}
