using System.Collections.Immutable;

namespace AiMe.Corpora;

/// <summary>
/// The exact probability of a record under a grammar: the sum over all rows that its names can have and all choices
/// that produce its texts.
/// </summary>
/// <remarks>The entropy that follows from it is a lower bound of any model's expected loss on the corpus.</remarks>
internal sealed class Likelihood(Grammar grammar)
{
    private readonly int _weights = grammar.Records.Sum(r => r.Weight);
    private readonly ImmutableArray<(RecordTemplate Template, ImmutableArray<Suffix> Endings, Suffix Open)> _kinds =
    [
        .. grammar.Records.Select(r =>
            (r, r.Outcomes.Select(o => new Suffix(grammar, [.. r.With, .. o.With])).ToImmutableArray(), new Suffix(grammar, r.With))
        ),
    ];

    /// <summary>
    /// ln p of stimulus, answer, reflection and insight, given what precedes them: charter or none, self-model and
    /// recalled memories.
    /// </summary>
    /// <returns>
    /// Nats, 0 or less; negative infinity for a text outside the grammar. If nothing precedes the stimulus, it is also
    /// known whether it is a drive.
    /// </returns>
    public double OfExchange(CorpusRecord record)
    {
        var isBare = !record.InCharacter && record.SelfModel is null && record.Recalled.IsEmpty;
        double whole = 0,
            before = 0;
        foreach (var (template, endings, open) in _kinds)
        {
            if (template.InCharacter != record.InCharacter)
                continue;
            var share = (double)template.Weight / _weights;
            if (!isBare || template.Internal == record.Internal)
                before += share * open.Sum(Beginnings(template, record, open));
            if (template.Internal == record.Internal)
                whole +=
                    share
                    * endings
                        .Select((ending, i) => Share(template, i) * ending.Sum(Exchange(template, template.Outcomes[i], record, ending)))
                        .Sum();
        }

        return whole == 0 ? double.NegativeInfinity : StrictMath.Log(whole) - StrictMath.Log(before);
    }

    private static double Share(RecordTemplate template, int outcome) =>
        template.Outcomes[outcome].Weight / (double)template.Outcomes.Sum(o => o.Weight);

    private static IEnumerable<Derivation> Exchange(RecordTemplate template, Outcome outcome, CorpusRecord r, Suffix ending) =>
        ending
            .Add(
                ending.Add(
                    ending.Add(ending.Add([Derivation.Nothing], template.Stimulus, r.Stimulus), outcome.Answer, r.Answer),
                    outcome.Reflection,
                    r.Reflection
                ),
                outcome.Insight,
                r.Insight
            )
            .SelectMany(way => Beginnings(template, r, ending).Select(way.Then));

    private static IEnumerable<Derivation> Beginnings(RecordTemplate template, CorpusRecord r, Suffix ending) =>
        Recalled(
            ending.Add([Derivation.Nothing], template.SelfModel is { } self ? ending.Only(self) : null, r.SelfModel),
            template,
            r,
            ending,
            0,
            0
        );

    // A template with an empty expansion leaves no memory, so the texts belong to some of the templates, in their
    // order.
    private static IEnumerable<Derivation> Recalled(
        IEnumerable<Derivation> ways,
        RecordTemplate template,
        CorpusRecord r,
        Suffix ending,
        int at,
        int text
    )
    {
        if (at == template.Recalled.Length)
            return text == r.Recalled.Length ? ways : [];
        var only = ending.Only(template.Recalled[at]);
        var without = Recalled(ending.Add(ways, only, ""), template, r, ending, at + 1, text);
        return text == r.Recalled.Length
            ? without
            : without.Concat(Recalled(ending.Add(ways, only, r.Recalled[text]), template, r, ending, at + 1, text + 1));
    }

    /// <summary>
    /// One choice of alternatives that may produce the texts: its probability, and what is left to be matched under the
    /// bound rows.
    /// </summary>
    private sealed record Derivation(double Share, ImmutableList<Factor> Factors)
    {
        public static readonly Derivation Nothing = new(1, []);

        public Derivation Then(Derivation other) => new(Share * other.Share, Factors.AddRange(other.Factors));
    }

    /// <summary>The bound names in a kind of record, up to one of its outcomes.</summary>
    private sealed class Suffix(Grammar grammar, ImmutableArray<Binding> bindings)
    {
        private readonly SymbolNames _names = new(grammar, bindings);
        private readonly Dictionary<Template, ImmutableArray<string>> _read = new(ReferenceEqualityComparer.Instance);
        private readonly Dictionary<Template, Alternatives> _only = new(ReferenceEqualityComparer.Instance);

        public Alternatives Only(Template template) =>
            _only.TryGetValue(template, out var known) ? known : _only[template] = new([(template, 1)]);

        /// <summary>The derivations extended by each alternative that can produce the text under some rows.</summary>
        public IEnumerable<Derivation> Add(IEnumerable<Derivation> ways, Alternatives? alternatives, string? text)
        {
            if (alternatives is null)
                return text is null ? ways : [];
            var any = new Scope(grammar, _names);
            var possible = Flat(alternatives, 1)
                .Where(a => any.Match(a.Template, text ?? "") > 0)
                .Select(a => new Derivation(a.Share, [new Factor(Read(a.Template), a.Template, text ?? "")]))
                .ToArray();
            return possible.Length == 0 ? [] : ways.SelectMany(way => possible.Select(way.Then));
        }

        public double Sum(IEnumerable<Derivation> ways)
        {
            var scope = new Scope(grammar, _names);
            return ways.Sum(way => way.Share * Binder.Sum(grammar, bindings, scope, way.Factors));
        }

        private ImmutableArray<string> Read(Template template) =>
            _read.TryGetValue(template, out var known) ? known : _read[template] = _names.Of([template]);

        // An alternative that is just a symbol is replaced with the symbol's alternatives.
        private IEnumerable<(Template Template, double Share)> Flat(Alternatives alternatives, double share)
        {
            double weights = alternatives.Items.Sum(i => i.Weight);
            return alternatives.Items.SelectMany(i =>
                i.Text.Parts is [TemplatePart.Symbol s]
                    ? Flat(grammar.Symbols[s.Name].Texts, share * i.Weight / weights)
                    : [(i.Text, share * i.Weight / weights)]
            );
        }
    }
}
