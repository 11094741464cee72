using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using Event = YamlDotNet.Core.Events.ParsingEvent;
using YamlScalar = YamlDotNet.Core.Events.Scalar;

namespace AiMe.Lab.Experiments.Yaml;

/// <summary>Reads a YAML text into nodes with their places, and reports every duplicate key.</summary>
internal sealed class YamlText
{
    private const int DeepestNesting = 64;

    private readonly Scanner _scanner;
    private readonly Parser _parser;
    private readonly Func<Mark, Place> _place;
    private readonly Problems _problems;
    private readonly Dictionary<string, YamlNode> _anchors = new(StringComparer.Ordinal);
    private readonly Stack<NodeEvent> _brackets = []; // '[' and '{' that are open

    private YamlText(string text, Func<Mark, Place> place, Problems problems)
    {
        _scanner = new Scanner(new StringReader(text));
        _parser = new Parser(_scanner);
        (_place, _problems) = (place, problems);
    }

    /// <summary>The single document of a file, or null if it cannot be read or is empty.</summary>
    public static YamlNode? Read(string file, string text, Problems problems)
    {
        // The parser counts a last line without a line feed as two.
        var (lines, end) = (text.AsSpan().Count('\n') + 1, text.Length - text.LastIndexOf('\n'));
        Place PlaceOf(Mark mark) => mark.Line <= lines ? new(file, (int)mark.Line, (int)mark.Column) : new(file, lines, end);
        return new YamlText(text, PlaceOf, problems).Document(Place.Of(file), text, "");
    }

    /// <summary>The value of an override; its place is the <c>--set</c> as a whole.</summary>
    public static YamlNode? ReadSet(Place set, string key, string text, Problems problems) =>
        text.Trim().Length == 0 ? new ScalarNode(set, "", Plain: true) : new YamlText(text, _ => set, problems).Document(set, text, key);

    private YamlNode? Document(Place whole, string text, string key)
    {
        try
        {
            _parser.Consume<StreamStart>();
            if (_parser.Accept<StreamEnd>(out _))
            {
                _problems.Fail(whole, key, "found only comments or white space, expected YAML");
                return null;
            }

            _parser.Consume<DocumentStart>();
            var root = Read("", depth: 0);
            _parser.Consume<DocumentEnd>();
            if (_parser.Accept<DocumentStart>(out var second))
                _problems.Fail(_place(second.Start), "", "found a second document ('---'), expected one");
            return root;
        }
        catch (YamlException e)
        {
            var reason = YamlReason.Of(e, text);
            _problems.Fail(_place(reason.At), key, $"this is not YAML: {reason.Text}{NotClosed()}");
        }
        catch (InvalidOperationException)
        {
            // YamlDotNet 16.3 throws this exception, without a position, for a key after an unclosed bracket.
            _problems.Fail(_place(_scanner.CurrentPosition), key, $"this is not YAML: found an unexpected token{NotClosed()}");
        }

        return null;
    }

    private string NotClosed() =>
        _brackets.TryPeek(out var open)
            ? $"; the '{(open is SequenceStart ? '[' : '{')}' at line {open.Start.Line}, column {open.Start.Column} is not "
                + "closed before this place"
            : "";

    private YamlNode Read(string path, int depth)
    {
        var next = _parser.Consume<Event>();
        if (depth > DeepestNesting)
            throw new YamlException(next.Start, next.End, $"more than {DeepestNesting} levels of nesting");
        if (next is AnchorAlias alias)
        {
            return _anchors.GetValueOrDefault(alias.Value.Value)
                ?? throw new YamlException(alias.Start, alias.End, $"the anchor '&{alias.Value.Value}' is not finished before this place");
        }

        var bracket = next is SequenceStart { Style: SequenceStyle.Flow } or MappingStart { Style: MappingStyle.Flow };
        if (bracket)
            _brackets.Push((NodeEvent)next);
        YamlNode node = next switch
        {
            YamlScalar s => new ScalarNode(_place(s.Start), s.Value, s.Style == ScalarStyle.Plain),
            SequenceStart s => ReadList(s, path, depth),
            MappingStart m => ReadMapping(m, path, depth),
            _ => throw new YamlException(next.Start, next.End, "expected a value"),
        };
        if (bracket)
            _brackets.Pop();
        if (next is NodeEvent { Anchor: { IsEmpty: false } anchor })
            _anchors[anchor.Value] = node;
        return node;
    }

    private SequenceNode ReadList(SequenceStart start, string path, int depth)
    {
        var items = ImmutableArray.CreateBuilder<YamlNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
            items.Add(Read($"{path}[{items.Count}]", depth + 1));
        return new(_place(start.Start), items.ToImmutable());
    }

    private MappingNode ReadMapping(MappingStart start, string path, int depth)
    {
        Dictionary<string, MappingEntry> entries = new(StringComparer.Ordinal);
        List<MappingEntry> inOrder = [];
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            if (!_parser.TryConsume<YamlScalar>(out var key))
                throw new YamlException(_parser.Current!.Start, _parser.Current.End, "a key must be a plain word");
            var inner = path.Length == 0 ? key.Value : $"{path}.{key.Value}";
            MappingEntry entry = new(_place(key.Start), key.Value, Read(inner, depth + 1));
            if (entries.TryAdd(entry.Key, entry))
                inOrder.Add(entry);
            else
                _problems.Fail(entry.At, inner, $"found twice, expected once; its first use is at {entries[entry.Key].At}");
        }

        return new(_place(start.Start), [.. inOrder]);
    }
}
