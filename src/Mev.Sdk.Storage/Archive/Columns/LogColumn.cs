using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using Mev.Sdk.Storage.Archive.Coding;
using Mev.Sdk.Storage.Archive.Transactions;

namespace Mev.Sdk.Storage.Archive.Columns;

/// <summary>Log lines. Who is called and returns follows from the instructions; how many units are left follows from what was used; texts are templates.</summary>
internal sealed class LogColumn(BlockState state, LogTextColumn texts, KeyTexts names)
{
    /// <summary>What the runtime charges for a call of a built-in program, which logs no units.</summary>
    private const long BuiltinUnits = 150;

    /// <summary>Longest text of <see cref="Told"/>.</summary>
    private const int MaxTold = 32;

    private readonly Rows<LogFrame> _frames = new();
    private readonly ByteArena _line = new();
    private readonly GuessTable _kinds = new();
    private int _depth;
    private int _nextStep;
    private long _unitsLeft;

    /// <summary>Compute units that the log adds up to.</summary>
    public ulong Units { get; private set; }

    public void Clear() => _kinds.Clear();

    public void Copy(StateCopy copy) => _kinds.Copy(copy);

    /// <summary>Codes all lines.</summary>
    /// <param name="unitLimit">Compute units that the transaction may use.</param>
    public void Code(ulong unitLimit)
    {
        var (coder, model) = (state.Coder, state.Model);
        coder.Stream = StreamKind.LogStructure;
        model.LogMissing = coder.Flag(170, model.LogMissing);
        (_depth, _nextStep, _unitsLeft, Units) = (0, 0, (long)unitLimit, 0);
        _frames.Clear();
        var last = 9u;
        var lastTemplate = 0u;
        for (var at = 0; ; at++)
        {
            var steps = model.Steps.Count;
            var nextHeight = _nextStep < steps ? StepTree.HeightOf(model.Steps[_nextStep].Height) : 0;
            var isCallNext = nextHeight == _depth + 1;
            var kind = LogLineKind.End;
            var line = new LogLine();
            if (!coder.IsDecoding && at < model.Log.Count)
            {
                var bytes = model.Bytes[model.Log[at].At, model.Log[at].Length];
                kind = Classify(bytes, isCallNext, ref line);
            }

            coder.Stream = StreamKind.LogStructure;
            var shape = _depth > 0 ? _frames[_depth - 1].Shape : _nextStep < steps ? model.Steps[_nextStep].Shape : 1u;
            var context = Context.Of(
                Context.Of(171, shape, last),
                isCallNext ? model.Steps[_nextStep].Shape : 0u,
                Context.Of(lastTemplate, _depth == 0 ? 1u : 0, model.HasError ? 1u : 0));
            kind = CodeKind(context, Context.Of(Context.Of(171, shape, last), isCallNext ? 1u : 0, _depth == 0 ? 1u : 0), Context.Of(171, last, isCallNext ? 1u : 0), kind);
            if (kind == LogLineKind.End)
            {
                return;
            }

            CodeLine(kind, at, shape, in line, isCallNext, ref lastTemplate);
            last = (uint)kind;
        }
    }

    // The kind of line that followed the last time, or any.
    private LogLineKind CodeKind(uint context, uint wideContext, uint any, LogLineKind kind)
    {
        var coder = state.Coder;
        ref var narrow = ref _kinds[context];
        ref var wide = ref _kinds[wideContext];
        if (narrow.Value >= 0 && coder.Flag(FlagFamily.LineKind, narrow.Confidence, (int)kind == narrow.Value))
        {
            kind = (LogLineKind)narrow.Value;
        }
        else if (wide.Value >= 0 && wide.Value != narrow.Value && coder.Flag(FlagFamily.LineKindWide, wide.Confidence + (narrow.Value >= 0 ? 16u : 0), (int)kind == wide.Value))
        {
            kind = (LogLineKind)wide.Value;
        }
        else
        {
            kind = (LogLineKind)coder.Nibble(any, (int)kind);
        }

        narrow.Follow((int)kind);
        wide.Follow((int)kind);
        return kind;
    }

    private void CodeLine(LogLineKind kind, int at, uint shape, in LogLine line, bool isCallNext, ref uint lastTemplate)
    {
        if (kind is LogLineKind.Success or LogLineKind.Units or LogLineKind.Return or LogLineKind.FailedAsTold && _depth == 0)
        {
            throw new InvalidDataException("A log line of a program while none runs.");
        }

        _line.Clear();
        switch (kind)
        {
            case LogLineKind.Invoke:
                lastTemplate = 0;
                Call(isCallNext);
                break;
            case LogLineKind.Success:
                lastTemplate = Context.Of(1, shape);
                Program(in _frames[_depth - 1], " success"u8);
                Return();
                break;
            case LogLineKind.Units:
                lastTemplate = 2;
                CodeUnits(in line);
                break;
            case LogLineKind.FailedAsTold:
                lastTemplate = Context.Of(4, shape);
                if (state.IsDecoding)
                {
                    Program(in _frames[_depth - 1], " failed: "u8);
                    Span<byte> told = stackalloc byte[MaxTold];
                    _line.Add(told[..Told(told)]);
                }

                _depth--;
                break;
            case LogLineKind.Text or LogLineKind.Data or LogLineKind.Failed or LogLineKind.Return or LogLineKind.Other:
                CodeText(kind, at, shape, in line, ref lastTemplate);
                break;
            default:
                throw new InvalidDataException($"A log line of kind {(int)kind}.");
        }

        if (state.IsDecoding)
        {
            state.Charge(1 + _line.Length);
            ref var row = ref state.Model.Log.Add();
            (row.At, row.Length) = (state.Model.Bytes.Add(_line.Written), _line.Length);
        }
    }

    private void Call(bool isCallNext)
    {
        if (!isCallNext)
        {
            throw new InvalidDataException("A call in the log that no instruction makes.");
        }

        ref readonly var step = ref state.Model.Steps[_nextStep];
        if (_depth > 0)
        {
            _frames[_depth - 1].Calls++;
        }

        if (_depth == _frames.Count)
        {
            _frames.Add();
        }

        _frames[_depth] = new LogFrame { Step = _nextStep, Program = state.Ids[step.Program], Shape = step.Shape, UnitsAtStart = _unitsLeft };
        _depth++;
        _nextStep++;
        if (state.IsDecoding)
        {
            Program(in _frames[_depth - 1], " invoke ["u8);
            Number((ulong)_depth);
            _line.Add((byte)']');
        }
    }

    private void Return()
    {
        ref readonly var frame = ref _frames[_depth - 1];
        if (_depth == 1 && !frame.ToldUnits)
        {
            _unitsLeft -= BuiltinUnits;
            Units += (ulong)BuiltinUnits;
        }

        _depth--;
        if (_depth > 0)
        {
            ref var caller = ref _frames[_depth - 1];
            caller.LastCall = Context.Of(frame.Shape, (uint)caller.Calls);
        }
    }

    // y = left when the program started, x = what it used with all that it called.
    private void CodeUnits(in LogLine line)
    {
        state.Coder.Stream = StreamKind.LogUnits;
        ref var frame = ref _frames[_depth - 1];
        var caller = _depth > 1 ? _frames[_depth - 2] : default;
        var before = frame.UnitsAtStart - (long)line.Left;
        before = _depth == 1
            ? state.Numbers.Near(Context.Of(180, 1), 181, before)
            : state.Numbers.Near(Context.Of(182, caller.Shape, caller.LastCall, frame.Shape), 183, before);
        var left = frame.UnitsAtStart - before;
        var ofCalls = frame.Calls == 0 ? 0 : left - _unitsLeft;
        var own = state.Numbers.Near(Context.Of(184, frame.Shape, (uint)frame.Calls, caller.Shape), frame.Calls == 0 ? 185u : 186u, (long)line.Used - ofCalls);
        var used = own + ofCalls;
        _unitsLeft = left - used;
        frame.ToldUnits = true;
        Units += _depth == 1 ? (ulong)used : 0;
        if (state.IsDecoding)
        {
            Program(in frame, " consumed "u8);
            Number((ulong)used);
            _line.Add(" of "u8);
            Number((ulong)left);
            _line.Add(" compute units"u8);
        }
    }

    private void CodeText(LogLineKind kind, int at, uint shape, in LogLine line, ref uint lastTemplate)
    {
        var program = _depth > 0 ? _frames[_depth - 1].Program : 0;
        var step = _depth > 0 ? _frames[_depth - 1].Step : -1;
        if (state.IsDecoding)
        {
            switch (kind)
            {
                case LogLineKind.Text:
                    _line.Add("Program log: "u8);
                    break;
                case LogLineKind.Data:
                    _line.Add("Program data: "u8);
                    break;
                case LogLineKind.Failed when _depth > 0:
                    Program(in _frames[_depth - 1], " failed: "u8);
                    break;
                case LogLineKind.Return:
                    _line.Add("Program return: "u8);
                    _line.Add(names.Of(in state.Keys.Bytes(program)));
                    _line.Add((byte)' ');
                    break;
                case LogLineKind.Failed:
                    throw new InvalidDataException("A program fails in the log while none runs.");
            }
        }

        var text = default(TextRow);
        if (!state.IsDecoding)
        {
            ref readonly var row = ref state.Model.Log[at];
            text = new TextRow { At = row.At + line.TextAt, Length = row.Length - line.TextAt };
        }

        var template = texts.Code(Context.Of((uint)program, (uint)kind), Context.Of(lastTemplate, shape), text, step, _line);
        lastTemplate = Context.Of((uint)template, 3);
        if (kind == LogLineKind.Failed)
        {
            _depth--;
        }
    }

    // What a program's own error is logged as; 0 = the error is another one. Bincode: InstructionError, its instruction, Custom, its code.
    private int Told(Span<byte> text)
    {
        var error = state.Model.Error.Written;
        if (error.Length != 13 || error[0] != 8 || error[5] != 25)
        {
            return 0;
        }

        var start = "custom program error: 0x"u8;
        start.CopyTo(text);
        Utf8Formatter.TryFormat(BinaryPrimitives.ReadUInt32LittleEndian(error[9..]), text[start.Length..], out var digits, new StandardFormat('x'));
        return start.Length + digits;
    }

    private LogLineKind Classify(ReadOnlySpan<byte> line, bool isCallNext, ref LogLine found)
    {
        var program = "Program "u8;
        if (!line.StartsWith(program))
        {
            return LogLineKind.Other;
        }

        var rest = line[program.Length..];
        if (rest.StartsWith("log: "u8))
        {
            found.TextAt = program.Length + 5;
            return LogLineKind.Text;
        }

        if (rest.StartsWith("data: "u8))
        {
            found.TextAt = program.Length + 6;
            return LogLineKind.Data;
        }

        if (isCallNext && IsCall(rest))
        {
            return LogLineKind.Invoke;
        }

        if (_depth == 0)
        {
            return LogLineKind.Other;
        }

        var name = names.Of(in state.Keys.Bytes(_frames[_depth - 1].Program));
        if (rest.StartsWith("return: "u8) && rest[8..].StartsWith(name) && rest.Length > 8 + name.Length && rest[8 + name.Length] == ' ')
        {
            found.TextAt = program.Length + 8 + name.Length + 1;
            return LogLineKind.Return;
        }

        if (!rest.StartsWith(name))
        {
            return LogLineKind.Other;
        }

        rest = rest[name.Length..];
        if (rest.StartsWith(" failed: "u8))
        {
            found.TextAt = line.Length - rest.Length + 9;
            Span<byte> told = stackalloc byte[MaxTold];
            return Told(told) is > 0 and var length && rest[9..].SequenceEqual(told[..length]) ? LogLineKind.FailedAsTold : LogLineKind.Failed;
        }

        return rest.SequenceEqual(" success"u8) ? LogLineKind.Success
            : IsUnits(rest, ref found) ? LogLineKind.Units
            : LogLineKind.Other;
    }

    private bool IsCall(ReadOnlySpan<byte> rest)
    {
        var name = names.Of(in state.Keys.Bytes(state.Ids[state.Model.Steps[_nextStep].Program]));
        if (!rest.StartsWith(name) || !rest[name.Length..].StartsWith(" invoke ["u8))
        {
            return false;
        }

        rest = rest[(name.Length + 9)..];
        return Utf8Parser.TryParse(rest, out uint depth, out var length) && depth == _depth + 1 && length == DigitsOf(depth) && rest[length..].SequenceEqual("]"u8);
    }

    private static bool IsUnits(ReadOnlySpan<byte> rest, ref LogLine found)
    {
        if (!rest.StartsWith(" consumed "u8) || !Utf8Parser.TryParse(rest = rest[10..], out found.Used, out var length) || length != DigitsOf(found.Used))
        {
            return false;
        }

        rest = rest[length..];
        return rest.StartsWith(" of "u8) && Utf8Parser.TryParse(rest = rest[4..], out found.Left, out length) && length == DigitsOf(found.Left)
            && rest[length..].SequenceEqual(" compute units"u8)
            && (found.Used | found.Left) <= long.MaxValue;
    }

    // A number with leading zeros is text.
    private static int DigitsOf(ulong value)
    {
        var digits = 1;
        for (; value >= 10; value /= 10)
        {
            digits++;
        }

        return digits;
    }

    private void Program(in LogFrame frame, ReadOnlySpan<byte> what)
    {
        if (state.IsDecoding)
        {
            _line.Add("Program "u8);
            _line.Add(names.Of(in state.Keys.Bytes(frame.Program)));
            _line.Add(what);
        }
    }

    private void Number(ulong value)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(value, digits, out var length);
        _line.Add(digits[..length]);
    }

    private struct LogLine
    {
        public ulong Used;
        public ulong Left;
        public int TextAt;
    }
}
