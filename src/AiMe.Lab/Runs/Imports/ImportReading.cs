using System.Collections.Immutable;
using System.Diagnostics;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Runs.Imports;

/// <summary>Takes the records of a file one by one, and accounts for each.</summary>
internal sealed class ImportReading(string path)
{
    private const string Expected =
        "expected experiences, pairs, chats, instructions, preferences or an instance file: docs/FILES.md lists the forms";

    /// <summary>The forms in the order in which they are tried: a record may have the members of several.</summary>
    private static readonly ImmutableArray<IImportForm> Forms =
    [
        new ChatGptForm(),
        new PreferenceForm(),
        new AlpacaForm(),
        new ExperienceForm(),
        new ChatForm(),
        new PairForm(),
        new AuthoredForm(),
        new IncompleteForm(),
    ];

    private readonly Problems _problems = new();
    private readonly ImportNotes _notes = new();
    private readonly List<(Place At, string What)> _foreign = [];
    private readonly ImmutableArray<ImportedExperience>.Builder _experiences = ImmutableArray.CreateBuilder<ImportedExperience>();
    private int _records,
        _read,
        _refused,
        _leftOut;

    /// <summary>Whether a record with these members has a known form.</summary>
    public static bool Knows(MappingNode record) => Forms.Any(f => f is not IncompleteForm && f.Matches(record));

    /// <summary>Refuses the whole file.</summary>
    public void RefuseAll(string found) => Refuse(Place.Of(path), $"{found}; {Expected}");

    /// <summary>Refuses the whole file, or a record, for a reason that was reported elsewhere.</summary>
    public void Refuse(Problems problems)
    {
        foreach (var problem in problems.All)
            _problems.Fail(problem.At, problem.Key, problem.Text);
        (_records, _refused) = (_records + 1, _refused + 1);
    }

    /// <summary>Refuses a record.</summary>
    public void Refuse(Place at, string problem)
    {
        _problems.Fail(at, "", problem);
        (_records, _refused) = (_records + 1, _refused + 1);
    }

    /// <summary>Adds the values of a document: a list holds records, or is a conversation itself.</summary>
    public void AddAll(ImmutableArray<YamlNode> values)
    {
        foreach (var value in values)
        {
            if (value is SequenceNode { Items.IsEmpty: true })
                RefuseAll("the list is empty");
            else if (value is SequenceNode list && !ChatMessageReader.IsConversation(list))
                foreach (var item in list.Items)
                    Add(item);
            else if (Wrapped(value) is { } wrapped)
                AddAll([wrapped]);
            else
                Add(value);
        }
    }

    // {"data": [...]}: an object of no known form around the list of records.
    private static SequenceNode? Wrapped(YamlNode value) =>
        value is MappingNode outer
        && !Forms.Any(f => f.Matches(outer))
        && ForeignFile.Recognize(outer) is null
        && outer.Entries.Select(e => e.Value).OfType<SequenceNode>().ToList() is [{ Items.IsEmpty: false } only]
        && only.Items.All(i => i is MappingNode inner && Knows(inner))
            ? only
            : null;

    /// <summary>Reads a record in its form.</summary>
    public void Add(YamlNode value)
    {
        var node = ChatMessageReader.IsConversation(value)
            ? new MappingNode(value.At, [new(value.At, "messages", value)])
            : value as MappingNode;
        if (node is null)
        {
            Refuse(value.At, $"found {ImportRecord.Found(value)}, expected a JSON object");
            return;
        }

        _records++;
        if (Forms.FirstOrDefault(f => f.Matches(node)) is not { } form)
        {
            _refused++;
            _foreign.Add((node.At, ForeignFile.Describe(node)));
            return;
        }

        ImportRecord record = new(_records, node, _problems, _notes);
        form.Read(record);
        if (record.Failed)
            _refused++;
        else if (record.IsLeftOut)
            _leftOut++;
        else if (record.Experiences is { IsEmpty: false } experiences)
        {
            _read++;
            _experiences.AddRange(experiences);
            record.CountUnused();
        }
        else
            throw new UnreachableException($"{form.GetType().Name} lost the record at {node.At}");
    }

    /// <summary>The result.</summary>
    /// <param name="digest">SHA-256 of the file.</param>
    public ImportedFile Finish(string digest)
    {
        if (_foreign.Count == _records && _foreign is [var (_, first), ..])
            _problems.Fail(
                Place.Of(path),
                "",
                $"{(_records == 1 ? "this looks" : $"its {_records} records look")} like {first}"
                    + $"{(_foreign.Exists(f => f.What != first) ? " and others" : "")}; {Expected}"
            );
        else
            _foreign.ForEach(f => _problems.Fail(f.At, "", $"this looks like {f.What}; {Expected}"));
        return new ImportedFile(path, digest, _experiences.ToImmutable(), _problems.All, _notes.Lines, _records, _read, _refused, _leftOut);
    }

    /// <summary>Experiences of which one of the two texts is missing, or misspelt.</summary>
    private sealed class IncompleteForm : IImportForm
    {
        private readonly ExperienceForm _whole = new();

        public bool Matches(MappingNode record) =>
            (record.Has("input") || record.Has("output")) && !record.Has("ideal") && !record.Has("target");

        public void Read(ImportRecord record) => _whole.Read(record);
    }
}
