using System.Runtime.InteropServices;
using EngineSimulator;
using EngineSimulator.CommandLine;
using Microsoft.Extensions.Logging;

if (args.Any(argument => argument is "--help" or "-h" or "-?"))
{
    Console.WriteLine(Arguments.Usage);
    return 0;
}

if (!Arguments.TryParse(args, out var options, out var error))
{
    Console.Error.WriteLine(error);
    Console.Error.WriteLine();
    Console.Error.WriteLine(Arguments.Usage);
    return 2;
}

using var loggers = LoggerFactory.Create(builder => builder.AddSimpleConsole(console => console.SingleLine = true));
var interrupted = new TaskCompletionSource();
using var control = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

try
{
    await using var engine = SimulatorEngine.Start(options, loggers: loggers);
    await await Task.WhenAny(engine.Completion, interrupted.Task);
    return 0;
}
catch (SimulatorEngineException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    interrupted.TrySetResult();
}
