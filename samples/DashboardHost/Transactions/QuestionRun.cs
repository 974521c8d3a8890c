using Mev.Sdk.Storage.Queries;

namespace Mev.Sdk.DashboardHost.Transactions;

/// <summary>A question at work, or just answered.</summary>
internal sealed class QuestionRun : IProgress<HistoryProgress>, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private double _fraction;

    public Task<HistoryAnswer> Answer { get; set; } = null!;

    /// <summary>When somebody last looked while it was at work.</summary>
    public DateTimeOffset Touched { get; set; }

    /// <summary>Share that is done, 0 to 1.</summary>
    public double Fraction => Volatile.Read(ref _fraction);

    public CancellationToken Token => _stop.Token;

    public void Report(HistoryProgress value) => Volatile.Write(ref _fraction, value.Fraction);

    public void Stop() => _stop.Cancel();

    public void Dispose() => _stop.Dispose();
}
