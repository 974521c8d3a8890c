using System.Globalization;
using Mev.Sdk.Solana.Meta;

namespace Mev.Sdk.Simulation.Encoding;

/// <summary>Writes log lines as the runtime does, and keeps the count of compute units that they quote.</summary>
internal sealed class LogScript(StatusMetaBuilder meta)
{
    private readonly char[] _line = new char[256];
    private uint _limit;

    /// <summary>Compute units consumed so far.</summary>
    public uint Consumed { get; private set; }

    public void Begin(uint limit)
    {
        _limit = limit;
        Consumed = 0;
    }

    /// <summary>A program of the runtime itself: it logs its entry and its end, and no units.</summary>
    public void Builtin(string program, uint units)
    {
        Invoke(program, 1);
        Consumed += units;
        Succeed(program);
    }

    /// <summary>A program of the runtime itself that refused.</summary>
    public void BuiltinFailure(string program, uint units, uint customCode)
    {
        Invoke(program, 1);
        Consumed += units;
        Refuse(program, customCode);
    }

    public void Invoke(string program, int depth)
    {
        _line.AsSpan().TryWrite(CultureInfo.InvariantCulture, $"Program {program} invoke [{depth}]", out var length);
        meta.AddLogMessage(_line.AsSpan(0, length));
    }

    public void Log(string text)
    {
        _line.AsSpan().TryWrite(CultureInfo.InvariantCulture, $"Program log: {text}", out var length);
        meta.AddLogMessage(_line.AsSpan(0, length));
    }

    /// <summary>The end of a program that began at <paramref name="before"/> units and used some of its own.</summary>
    public void Success(string program, uint before, uint units)
    {
        Consume(program, before, units);
        Succeed(program);
    }

    /// <summary>The end of a program that refused.</summary>
    public void Fail(string program, uint before, uint units, uint customCode)
    {
        Consume(program, before, units);
        Refuse(program, customCode);
    }

    private void Refuse(string program, uint customCode)
    {
        _line.AsSpan().TryWrite(CultureInfo.InvariantCulture, $"Program {program} failed: custom program error: 0x{customCode:x}", out var length);
        meta.AddLogMessage(_line.AsSpan(0, length));
    }

    private void Consume(string program, uint before, uint units)
    {
        Consumed += units;
        _line.AsSpan().TryWrite(
            CultureInfo.InvariantCulture, $"Program {program} consumed {Consumed - before} of {_limit - Math.Min(_limit, before)} compute units", out var length);
        meta.AddLogMessage(_line.AsSpan(0, length));
    }

    private void Succeed(string program)
    {
        _line.AsSpan().TryWrite(CultureInfo.InvariantCulture, $"Program {program} success", out var length);
        meta.AddLogMessage(_line.AsSpan(0, length));
    }
}
