using System.Collections.Immutable;
using AiMe.Effects;
using AiMe.Faculties;
using AiMe.Faculties.Self;
using AiMe.Metrics.Text;

namespace AiMe.Lab.Analysis.Exports.Columnar;

/// <summary>An option of a wording of a choice probe, or the answer to an open one, in the table <c>probes</c>.</summary>
/// <param name="By"><c>bare</c>: the model alone; <c>agent</c>: model, memory and self-model.</param>
/// <param name="Wording">From 1.</param>
/// <param name="Option">From 1; null for an open probe.</param>
/// <param name="Text">The text of the option, or the answer.</param>
/// <param name="Probability">Of the option; NaN if the answer named none.</param>
/// <param name="Behaviour">Score of an open answer that is a behavioural twin; else NaN.</param>
internal sealed record ProbeRow(
    ExportedInstance Of,
    int Generation,
    string By,
    string Probe,
    string? Measures,
    int Wording,
    string Ask,
    int? Option,
    string Text,
    bool? IsKeyed,
    double Probability,
    double Behaviour
);

/// <summary>The table <c>probes</c>.</summary>
internal static class ProbeColumns
{
    public static ImmutableArray<TableColumn<ProbeRow>> All { get; } =
    [
        new TableColumn<ProbeRow>.Utf8Text("run", r => r.Of.Plan.Run),
        new TableColumn<ProbeRow>.Utf8Text("instance", r => r.Of.Summary.Instance),
        new TableColumn<ProbeRow>.Utf8Text("variant", r => r.Of.Summary.Variant),
        new TableColumn<ProbeRow>.Whole("replicate", r => r.Of.Summary.Replicate),
        new TableColumn<ProbeRow>.Utf8Text("parent", r => r.Of.Progress.Parent),
        new TableColumn<ProbeRow>.Whole("generation", r => r.Generation),
        new TableColumn<ProbeRow>.Utf8Text("respondent", r => r.By),
        new TableColumn<ProbeRow>.Utf8Text("form", r => r.Option is null ? "open" : "choice"),
        new TableColumn<ProbeRow>.Utf8Text("probe", r => r.Probe),
        new TableColumn<ProbeRow>.Utf8Text("measures", r => r.Measures),
        new TableColumn<ProbeRow>.Whole("wording", r => r.Wording),
        new TableColumn<ProbeRow>.Utf8Text("ask", r => r.Ask),
        new TableColumn<ProbeRow>.Whole("option", r => r.Option),
        new TableColumn<ProbeRow>.Utf8Text("text", r => r.Text),
        new TableColumn<ProbeRow>.Fact("keyed", r => r.IsKeyed),
        new TableColumn<ProbeRow>.Number("probability", r => r.Probability),
        new TableColumn<ProbeRow>.Number("behaviour", r => r.Behaviour),
    ];

    /// <summary>The rows of one sitting: choices of the bare model, choices of the agent, open answers.</summary>
    public static IEnumerable<ProbeRow> Rows(ExportedInstance of, Probed probed) =>
        [
            .. Choices(of, probed.Generation, "bare", probed.Results.Bare),
            .. Choices(of, probed.Generation, "agent", probed.Results.Agent),
            .. probed.Results.Open.Select(o => Open(of, probed.Generation, o)),
        ];

    private static IEnumerable<ProbeRow> Choices(
        ExportedInstance of,
        int generation,
        string respondent,
        ImmutableArray<ChoiceResult> results
    ) =>
        from result in results
        let probe = of.Plan.Probes.Choices.First(p => p.Id == result.Probe)
        from wording in result.ByParaphrase.Index()
        from option in wording.Item.Index()
        select new ProbeRow(
            of,
            generation,
            respondent,
            probe.Id,
            probe.Measures,
            wording.Index + 1,
            probe.Asks[wording.Index].Ask,
            option.Index + 1,
            probe.Options[option.Index],
            option.Index == probe.Keyed,
            option.Item,
            double.NaN
        );

    private static ProbeRow Open(ExportedInstance of, int generation, OpenResult result)
    {
        var probe = of.Plan.Probes.Open.First(p => p.Id == result.Probe);
        var behaviour = probe.Twin is { } twin ? Behaviour.Of(twin.ScoredBy, result.Text, twin.Reversed) : double.NaN;
        return new(
            of,
            generation,
            "agent",
            probe.Id,
            probe.Twin?.Measures,
            1,
            probe.Asks[0],
            null,
            result.Text,
            null,
            double.NaN,
            behaviour
        );
    }
}
