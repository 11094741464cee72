using System.Collections.Immutable;
using AiMe.Corpora;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>Reads declared contrasts, and expands those that name several.</summary>
/// <param name="outcomes">The declared outcomes, primary and secondary.</param>
internal sealed class ContrastReader(Design? design, ImmutableArray<DeclaredOutcome> outcomes)
{
    private const string Trained = "trained";

    private readonly ContrastChecks _checks = new(outcomes);
    private readonly VariantNames _names = new(design);

    /// <summary>The contrasts of a list.</summary>
    public ImmutableArray<DeclaredContrast> Read(FieldReader field)
    {
        var all = ImmutableArray.CreateBuilder<DeclaredContrast>();
        foreach (var item in field.Items($"a list of contrasts: {ContrastForm.Examples}"))
        {
            var read = ReadItem(item);
            foreach (var contrast in read)
                _checks.Effect(contrast, item);
            if (read.Select(c => _checks.SeenBefore(c, item.At)).FirstOrDefault(t => t is not null) is { } told)
                item.Fail(told);
            all.AddRange(read);
        }

        return all.ToImmutable();
    }

    /// <summary>The contrasts if the file names none.</summary>
    public ImmutableArray<DeclaredContrast> Default(Section analysis) =>
        design is null
            ? []
            : _names.AllPairs(new FieldReader(analysis.Path, new ScalarNode(analysis.At, Trained, Plain: true), analysis.Problems));

    private ImmutableArray<DeclaredContrast> ReadItem(FieldReader item)
    {
        if (item.Asked is not null)
            Describe(item);
        if (item.Node is ScalarNode { IsNothing: false } word)
        {
            if (word.Text == ContrastForm.AllPairs)
                return _names.AllPairs(new FieldReader(item.Path, word with { Text = Trained }, item.Problems));
            item.Expected($"a contrast: {ContrastForm.Examples}{Nearest.Hint(word.Text, ContrastForm.Table.Select(f => f.Key))}");
            return [];
        }

        if (item.Node is not MappingNode mapping || item.Section() is not { } s)
        {
            item.Expected($"a contrast: {ContrastForm.Examples}");
            return [];
        }

        var named = ContrastForm.Table.Where(f => mapping.Entries.Any(e => e.Key == f.Key)).ToArray();
        if (named is [var form])
            return Read(form, s);
        item.Fail(
            named.Length > 0
                ? $"found {string.Join(" and ", named.Select(f => f.Key))}, expected one of them; "
                    + "write each contrast as a separate list item"
                : $"found a mapping without one of {string.Join(", ", ContrastForm.Table.Select(f => f.Key))}, expected a contrast: "
                    + ContrastForm.Examples
                    + Nearest.Hint(mapping.Entries.FirstOrDefault()?.Key ?? "", ContrastForm.Table.Select(f => f.Key))
        );
        return [];
    }

    private ImmutableArray<DeclaredContrast> Read(ContrastForm form, Section s)
    {
        const string Says =
            "the predicted effect; either is a two-sided test. higher and lower are said of values, later and sooner of survivals, for "
            + "which higher means later";
        var argument = s.Need(form.Key, form.Says)!;
        var word = form.NoDirection is null ? s.Find("direction", Says, Keywords.Directions.Of(EffectDirection.Either)) : null;
        var direction = word?.Word(Keywords.Directions, EffectDirection.Either) ?? EffectDirection.Either;
        var measures = _checks.Measures(
            s.Find("measures", "the declared outcomes to which the contrast applies, by their measures; all by default")
        );
        ImmutableArray<DeclaredContrast> contrasts =
        [
            .. form.Read(_names, argument, direction).Select(c => c with { Measures = measures }),
        ];
        s.Close(form.NoDirection is { } reason ? [("direction", reason)] : []);
        if (word is not null && !contrasts.IsEmpty)
            _checks.Direction(contrasts[0], word);
        return contrasts;
    }

    private void Describe(FieldReader item)
    {
        item.Asked!.OrConstant(ContrastForm.AllPairs);
        foreach (var form in ContrastForm.Table)
        {
            Section mapping = new(item.Path, new MappingNode(Place.Of(""), []), new Problems(), item.Asked.Or().Section());
            Read(form, mapping);
        }
    }
}
