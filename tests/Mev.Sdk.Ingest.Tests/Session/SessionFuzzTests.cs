using System.Buffers;
using System.IO.Pipelines;
using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Mev.Sdk.Ingest.Tests.Session;

/// <summary>
/// Mutated streams through everything that reads bytes of an engine: frame reader, every view, the whole session. 10,000,000 inputs with
/// MEV_LONG=1, and as many processors as there are.
/// </summary>
public sealed class SessionFuzzTests(ITestOutputHelper output)
{
    private const ulong FirstSeed = 20_260_727;

    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    private static long Inputs => Environment.GetEnvironmentVariable("MEV_LONG") == "1" ? 10_000_000 : 200_000;

    [Fact]
    public async Task Mutated_streams_end_in_order_or_with_a_documented_exception()
    {
        Assert.SkipUnless(GuardedMemory.IsSupported, "guarded pages are made with mmap of Linux.");
        var workers = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Worker()).ToArray();
        var next = 0L;
        var running = Task.WhenAll(workers.Select(worker => Task.Factory.StartNew(
            () =>
            {
                for (var chunk = Interlocked.Add(ref next, 1000) - 1000; chunk < Inputs; chunk = Interlocked.Add(ref next, 1000) - 1000)
                {
                    worker.Run(FirstSeed + (ulong)chunk, (int)Math.Min(1000, Inputs - chunk));
                }
            },
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        // A hang is an input that a minute is not enough for.
        var before = workers.Select(worker => worker.Done).ToArray();
        while (await Task.WhenAny(running, Task.Delay(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken)) != running)
        {
            output.WriteLine($"{workers.Sum(worker => worker.Done)} of {Inputs} inputs");
            for (var i = 0; i < workers.Length; i++)
            {
                Assert.True(workers[i].Done != before[i] || workers[i].IsIdle, $"seed {workers[i].Seed} hangs");
                before[i] = workers[i].Done;
            }
        }

        await running;
        Assert.Empty(workers.SelectMany(worker => worker.Failures));
        output.WriteLine(
            $"{workers.Sum(worker => worker.Done)} inputs; {workers.Sum(worker => worker.Delivered)} records delivered; "
            + $"ended in order {workers.Sum(worker => worker.Ended)}, malformed {workers.Sum(worker => worker.Malformed)}, protocol {workers.Sum(worker => worker.Protocol)}");
        Assert.Equal(Inputs, workers.Sum(worker => worker.Done));
        Array.ForEach(workers, worker => worker.Dispose());

        // Were all inputs refused at the door, nothing behind it would have been tried.
        Assert.True(workers.Sum(worker => worker.Delivered) > Inputs / 2, "hardly a record got behind the checksum");
        Assert.True(workers.Sum(worker => worker.Malformed) > Inputs / 20 && workers.Sum(worker => worker.Protocol) > Inputs / 100 && workers.Sum(worker => worker.Ended) > Inputs / 20);
    }

    [Fact]
    public void Corpus_is_valid()
    {
        foreach (var stream in Corpus())
        {
            ReadOnlySpan<byte> rest = stream;
            var reader = new FrameReader();
            while (!rest.IsEmpty)
            {
                Assert.Equal(FrameStatus.Done, reader.TryRead(ref rest, out _));
            }
        }
    }

    private static List<byte[]> Corpus()
    {
        var buffer = new byte[4096];
        var kinds = new List<byte[]>();
        void Add(int length) => kinds.Add(buffer.AsSpan(0, length).ToArray());
        Add(TransactionView.Write(buffer, 5, new TransactionRecord { Slot = 7 }, [default, default], [1, 2, 3], new byte[100]));
        Add(OpportunityView.Write(buffer, 5, new OpportunityRecord { Slot = 7 }, "{}"u8));
        Add(OutcomeView.Write(buffer, 5, new OutcomeRecord { Slot = 7 }, "late"u8));
        Add(BlockView.Write(buffer, 5, new BlockRecord { Slot = 7 }));
        Add(AccountView.Write(buffer, 5, new AccountRecord { Slot = 8 }, new byte[33]));
        Add(MetricView.Write(buffer, 5, new MetricRecord { Value = 1 }, "m"u8, "{}"u8));
        Add(NodeView.Write(buffer, 5, new NodeRecord { Slot = 8 }, "n"u8, "2.0"u8, "[]"u8));
        Add(StrategyView.Write(buffer, 5, new StrategyRecord { Slot = 8 }, "s"u8, "{}"u8));
        Add(SlotView.Write(buffer, 5, new SlotRecord { Slot = 9 }));
        byte[] Record(int kind, ulong sequence)
        {
            var frame = kinds[kind % kinds.Count].ToArray();
            FrameWriter.Stamp(frame, sequence, sequence * 1000);
            return frame;
        }

        byte[] Records(ulong first, ulong last) => Frames.Concat([.. EngineBytes.Range(first, last).Select(sequence => Record((int)sequence, sequence))]);
        var own = new byte[PredictionView.GetFrameLength(1, 2)];
        PredictionView.Write(own, 0, default, [default], "v1"u8);
        FrameWriter.Stamp(own, 3, 0);
        var hello = EngineBytes.Hello(next: 12, flags: StreamFlags.Replays);
        var locked = EngineBytes.Hello(next: 12, flags: StreamFlags.Authenticated | StreamFlags.Replays);
        return
        [
            Frames.Concat(hello, Records(1, 9), EngineBytes.Heartbeat(9), EngineBytes.Goodbye(9)),
            Frames.Concat(hello, Records(1, 3), Records(8, 12), Records(4, 7), Records(13, 14), EngineBytes.Heartbeat(20), Records(15, 22)),
            Frames.Concat(hello, Records(1, 2), SessionFrames.GapNotice(EngineBytes.Session, 3, 5, GapCause.Dropped, 5, 0), Records(6, 9), EngineBytes.Goodbye(12)),
            Frames.Concat(hello, Records(1, 2), Records(5, 6), SessionFrames.GapNotice(EngineBytes.Session, 3, 4, GapCause.NotRetained, 6, 0), Records(7, 8)),
            Frames.Concat(EngineBytes.Hello(next: 12), SessionFrames.Heartbeat(0, 7, 5, 6), Records(1, 5), own),
            Frames.Concat(locked, SessionFrames.Challenge(default), SessionFrames.Proof(default, default), Records(1, 2)),
            Frames.Concat(hello, EngineBytes.Goodbye(3, GoodbyeCode.ShuttingDown, "soon back")),
            .. kinds,
        ];
    }

    private sealed class Worker : IDisposable
    {
        private readonly StreamMutator _mutator = new(Corpus());
        private readonly GuardedMemory _memory = new(StreamMutator.MaxBytes);
        private readonly FakeTimeProvider _time = new();
        private readonly SourceMonitor _source = new IngestMonitor().Add("engine", "none");

        public List<string> Failures { get; } = [];

        public ulong Seed { get; private set; }

        public long Done { get; private set; }

        public bool IsIdle { get; private set; } = true;

        public long Delivered { get; private set; }

        public long Ended { get; private set; }

        public long Malformed { get; private set; }

        public long Protocol { get; private set; }

        public void Dispose() => ((IDisposable)_memory).Dispose();

        public void Run(ulong first, int count)
        {
            IsIdle = false;
            for (var i = 0; i < count && Failures.Count < 5; i++)
            {
                Seed = first + (ulong)i;
                try
                {
                    One(Seed);
                }
                catch (Exception exception)
                {
                    Failures.Add($"seed {Seed}: {exception}");
                }

                Done++;
            }

            IsIdle = true;
        }

        private void One(ulong seed)
        {
            var input = _memory.Put(_mutator.Mutate(seed));
            ReadFrames(input.Span);
            var intake = new FuzzIntake();
            var context = new SessionContext
            {
                Name = "engine",
                SourceId = 1,
                MaxFrameBytes = 8192,
                ExpectSimulated = null,
                Intake = intake,
                Progress = new SourceProgress(1, null),
                Gaps = new GapLedger(timeProvider: _time),
                Monitor = _source,
                Time = _time,
                Key = seed % 4 == 0 ? new SessionKey(Key) : null,
            };

            Connect(context, input, isCapture: seed % 16 == 1);
            if (seed % 4 == 0)
            {
                // Again, as after a break: what the first connection left behind is the second one's beginning.
                Connect(context, input, isCapture: false);
            }

            Delivered += intake.Records;
        }

        private void Connect(SessionContext context, ReadOnlyMemory<byte> input, bool isCapture)
        {
            using var session = new EngineSession(context, static (_, _) => ValueTask.CompletedTask, isCapture);
            var run = session.RunAsync(PipeReader.Create(new ReadOnlySequence<byte>(input)), CancellationToken.None);

            // Looked at, not thrown again: throwing is most of what an input costs.
            switch (run)
            {
                case { IsCompletedSuccessfully: true }:
                    Ended++;
                    break;
                case { IsFaulted: true, Exception.InnerException: FrameFormatException }:
                    Malformed++;
                    break;
                case { IsFaulted: true, Exception.InnerException: SessionProtocolException }:
                    Protocol++;
                    break;
                case { IsFaulted: true }:
                    throw new InvalidOperationException("an exception that no document speaks of", run.Exception.InnerException);
                default:
                    throw new InvalidOperationException("the session waits for bytes that will never come");
            }
        }

        private static void ReadFrames(ReadOnlySpan<byte> input)
        {
            var reader = new FrameReader(8192);
            while (reader.TryRead(ref input, out var frame) == FrameStatus.Done)
            {
                EveryView.ReadAll(new RecordView(Lsn.None, frame));
                _ = SessionFrames.TryRead<HelloMessage>(frame.ToArray(), out _, out _);
            }
        }
    }
}
