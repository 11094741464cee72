using System.Text.Json.Serialization;
using AiMe.Lab.History;

namespace AiMe.Console.Output.Documents;

/// <summary>The page of a run: its status, its plan and its instances.</summary>
/// <param name="Status">As <c>status</c> prints it.</param>
/// <param name="Base">The model of generation 0.</param>
/// <param name="Replicates">Planned instances of a variant.</param>
/// <param name="Cycles">Planned experiences of an instance.</param>
/// <param name="Every">Experiences of a round.</param>
/// <param name="Policies">The variants in words.</param>
/// <param name="Overviews">The instances as <c>list</c> prints them.</param>
internal sealed record ShowRunOutput(
    [property: Flattened] RunStatusOutput Status,
    string Base,
    int Replicates,
    int Cycles,
    int Every,
    IReadOnlyList<PolicyInWords> Policies,
    IReadOnlyList<ListOutput> Overviews
) : OutputDocument
{
    public static ShowRunOutput Of(RunStatus run, IEnumerable<ListRow> rows) =>
        new(
            RunStatusOutput.Of(run),
            run.Plan.Base.Value,
            run.Plan.Replicates,
            run.Plan.Cycles,
            run.Plan.Every,
            [
                .. run.Plan.Variants.Select(v => new PolicyInWords(
                    v.Name,
                    PolicyWords.Keeping(v.Curate),
                    PolicyWords.Learning(v.Trainer, run.Plan.Every),
                    v.Base?.Value
                )),
            ],
            [.. rows.Select(ListOutput.Of)]
        );
}

/// <summary>A variant in words.</summary>
/// <param name="Variant">Its name in the experiment file.</param>
/// <param name="Keeping">What it keeps for training.</param>
/// <param name="Learning">How it is trained.</param>
/// <param name="Base">Its model of generation 0, if that is not the run's.</param>
internal sealed record PolicyInWords(
    string Variant,
    string Keeping,
    string Learning,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Base
);
