using System.Buffers.Text;
using Mev.Sdk.Storage.Archive.Coding;
using Mev.Sdk.Storage.Archive.Transactions;

namespace Mev.Sdk.Storage.Archive.Columns;

/// <summary>Texts that programs log: templates that follow each other, and what fills them.</summary>
internal sealed class LogTextColumn(BlockState state, DataColumn data, KeyTexts names)
{
    /// <summary>Longest line that is coded by template.</summary>
    public const int MaxLineBytes = 1 << 16;

    // Every letter may be escaped.
    private const int MaxTemplateBytes = 2 * MaxLineBytes;
    private const int MaxBase64Bytes = MaxLineBytes;

    private readonly TemplateTable _templates = new(state.Encodes);
    private readonly GuessTable _afterLine = new();
    private readonly GuessTable _ofProgram = new();
    private readonly GuessTable _firstBytes = new(bits: 10);
    private readonly LineSplitter _splitter = new(state.Keys);
    private readonly LetterModel _letters = new(state.Coder);
    private readonly ByteArena _scratch = new();

    public void Clear()
    {
        _templates.Clear();
        _afterLine.Clear();
        _ofProgram.Clear();
        _firstBytes.Clear();
        _letters.Clear();
    }

    public void Copy(StateCopy copy)
    {
        _templates.Copy(copy);
        _afterLine.Copy(copy);
        _ofProgram.Copy(copy);
        _firstBytes.Copy(copy);
        _letters.Copy(copy);
    }

    /// <summary>Codes a text.</summary>
    /// <param name="program">Program and kind of line.</param>
    /// <param name="before">What came before it.</param>
    /// <param name="text">Where the model holds it; ignored when decoding.</param>
    /// <param name="step">The instruction that runs, or -1.</param>
    /// <param name="output">Where it goes when decoding.</param>
    /// <returns>Its template.</returns>
    public int Code(uint program, uint before, TextRow text, int step, ByteArena output)
    {
        var (coder, model) = (state.Coder, state.Model);
        coder.Stream = StreamKind.LogLines;
        var template = -1;
        if (!coder.IsDecoding)
        {
            _splitter.Split(model.Bytes[text.At, text.Length]);
            template = _templates.Find(_splitter.Template.Written);
        }

        template = CodeTemplate(program, before, template);
        var accounts = step < 0 ? [] : model.Accounts(in model.Steps[step]);
        var part = 0;
        for (var i = 0; i < _templates[template].Length; i++)
        {
            // What follows up to the next placeholder, at once. Not kept over a part: one adds no template, but who knows the next version.
            var rest = _templates[template][i..];
            var plain = rest.IndexOfAnyInRange(Escape, LineSplitter.Key);
            plain = plain < 0 ? rest.Length : plain;
            if (coder.IsDecoding)
            {
                output.Add(rest[..plain]);
            }

            i += plain;
            if (plain == rest.Length)
            {
                break;
            }

            var letter = rest[plain];
            if (letter == Escape)
            {
                i++;
                if (coder.IsDecoding)
                {
                    output.Add(plain + 1 < rest.Length ? rest[plain + 1] : throw new InvalidDataException("A template ends within an escape."));
                }

                continue;
            }

            var value = coder.IsDecoding ? default : _splitter.Parts[part];
            part++;
            CodePart(letter, Context.Of(program, (uint)template, (uint)part, 44), value, step, accounts, output);
        }

        return template;
    }

    private const byte Escape = LineSplitter.Escape;

    private int CodeTemplate(uint program, uint before, int template)
    {
        var coder = state.Coder;
        ref var narrow = ref _afterLine[Context.Of(before, program, 41)];
        ref var wide = ref _ofProgram[Context.Of(program, 42)];
        var found = Guess.Nothing;
        if (narrow.Value >= 0 && coder.Flag(Context.Of(190, narrow.Confidence), template == narrow.Value))
        {
            found = narrow.Value;
        }
        else if (wide.Value >= 0 && wide.Value != narrow.Value && coder.Flag(Context.Of(191, wide.Confidence), template == wide.Value))
        {
            found = wide.Value;
        }
        else if (coder.Flag(Context.Of(192, narrow.Value < 0 ? 1u : 0), template < 0))
        {
            found = CodeNew();
        }
        else
        {
            found = coder.Symbol(193, template, 32 - System.Numerics.BitOperations.LeadingZeroCount((uint)_templates.Count));
            if (found >= _templates.Count)
            {
                throw new InvalidDataException($"Template {found} of {_templates.Count}.");
            }
        }

        narrow.Follow(found);
        wide.Follow(found);
        return found;
    }

    private int CodeNew()
    {
        var coder = state.Coder;
        coder.Stream = StreamKind.LogNewText;
        _scratch.Clear();
        var length = coder.Count(194, _splitter.Template.Length, MaxTemplateBytes);
        state.Charge(length);
        if (coder.IsDecoding)
        {
            _scratch.Reserve(length);
        }
        else
        {
            _scratch.Add(_splitter.Template.Written);
        }

        var letters = _scratch[0, length];
        _letters.Code(letters);
        coder.Stream = StreamKind.LogLines;
        return _templates.Add(letters);
    }

    private void CodePart(byte kind, uint place, LinePart value, int step, ReadOnlySpan<byte> accounts, ByteArena output)
    {
        var coder = state.Coder;
        switch (kind)
        {
            case LineSplitter.Number:
                coder.Stream = StreamKind.LogNumbers;
                var number = data.Value(place, 902, value.Number);
                if (coder.IsDecoding)
                {
                    var digits = output.Reserve(20);
                    Utf8Formatter.TryFormat(number, output[digits, 20], out var count);
                    output.Cut(digits + count);
                }

                break;
            case LineSplitter.Key:
                coder.Stream = StreamKind.LogNumbers;
                var id = data.Key(place, 903, value.Key, accounts);
                if (coder.IsDecoding)
                {
                    output.Add(names.Of(in state.Keys.Bytes(id)));
                }

                break;
            default:
                CodeBase64(place, value, step, accounts, output);
                break;
        }
    }

    private void CodeBase64(uint place, LinePart value, int step, ReadOnlySpan<byte> accounts, ByteArena output)
    {
        var (coder, history, model) = (state.Coder, state.History, state.Model);
        coder.Stream = StreamKind.LogBytes;
        var length = (int)Math.Min(state.Numbers.Number(Context.Of(place, 3), 199, (ulong)value.Length, 8), MaxBase64Bytes + 1);
        if (length > MaxBase64Bytes)
        {
            throw new InvalidDataException($"Base64 of more than {MaxBase64Bytes} bytes in a log.");
        }

        _scratch.Clear();
        state.Charge(length);
        if (coder.IsDecoding)
        {
            _scratch.Reserve(length);
        }
        else
        {
            _scratch.Add(_splitter.Bytes[value.At, length]);
        }

        var bytes = _scratch[0, length];
        var shape = Context.Of(place, (uint)length);
        if (length > 0)
        {
            ref var guess = ref _firstBytes[Context.Of(place, 43)];
            bytes[0] = guess.Value >= 0 && coder.Flag(FlagFamily.FirstByte, guess.Confidence + 16u, bytes[0] == guess.Value) ? (byte)guess.Value : coder.Byte(Context.Of(place, 1), bytes[0]);
            guess.Follow(bytes[0]);
            shape = Context.Of(shape, bytes[0]);
            if (step >= 0)
            {
                ref readonly var of = ref model.Steps[step];
                history.Sections.Set(HistorySections.Parent, of.HistoryAt, of.HistoryAt + of.DataLength);
            }

            data.Code(shape, bytes, 1, -1, accounts);
        }

        var start = history.Add(bytes);
        history.Sections.Set(HistorySections.Previous, start, history.Length);
        if (coder.IsDecoding)
        {
            var room = output.Reserve(Base64.GetMaxEncodedToUtf8Length(length));
            Base64.EncodeToUtf8(bytes, output[room, output.Length - room], out _, out _);
        }
    }
}
