using System.Globalization;
using AiMe.Console.Commands;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;
using AiMe.Lab.Analysis.Lineage;
using AiMe.Lab.History;
using Spectre.Console.Rendering;

namespace AiMe.Console.Output.Models;

/// <summary>The page of one model.</summary>
/// <param name="Bytes">Size of its blob; null if there is none.</param>
internal sealed record ModelPage(ModelTarget Target, long? Bytes)
{
    /// <summary>Returns the page for a terminal.</summary>
    public IRenderable Render() =>
        Lines.Terms([.. Origin(), ("blob", Bytes is { } b ? $"{Lines.Count(b)} bytes" : "none in this store"), ("used by", Speaks())]);

    /// <summary>The origin of the model, independent of this store and of the current state.</summary>
    public IEnumerable<(string Term, string Meaning)> Origin() =>
        [("model", Target.Id.Value), .. Target.Made is { } made ? OfCheckpoint(made) : OfBase()];

    private IEnumerable<(string, string)> OfBase()
    {
        yield return (
            "kind",
            Target.Run is { } run ? $"generation 0 of {run.Plan!.Run}" : "a base model that no run of this store has used"
        );
        if (Target.Origin is ModelOrigin.Nano { Checkpoint: { } folder })
            yield return ("made from", Text($"the checkpoint in {folder.Folder}, files {folder.Files[..12]}, context {folder.Context:N0}"));
        else if (Target.Origin is ModelOrigin.Nano n)
            yield return ("made from", Text($"preset {n.Preset}, {n.Records:N0} records of the corpus {n.Corpus[..12]}, seed {n.Seed}"));
        if (Target.Origin is ModelOrigin.Fitted d)
            yield return ("made from", Text($"{d.Records:N0} draws of {DryRun.Words(d.Dimensions, d.Categories)}, seed {d.Seed}"));
        if (Target.Pretrained is { } model)
            yield return (
                "training",
                model.Checkpoint is null
                    ? Text($"{model.Parameters:N0} parameters, final loss {model.Loss:0.000} nats per token")
                    : Text($"{model.Parameters:N0} parameters, trained elsewhere")
            );
    }

    private IEnumerable<(string, string)> OfCheckpoint(Checkpoint c)
    {
        var instance = Target.Instances.First(l => l.Instance == c.Instance);
        yield return ("made", $"in round {c.Round} of {instance.Run}/{c.Instance}");
        var parent =
            c.Parent == instance.Base ? " (its base)"
            : instance.Checkpoints.FirstOrDefault(p => p.Id == c.Parent) is { } p ? $" ({p.Place})"
            : "";
        yield return ("parent", c.Parent.Value + parent);
        foreach (var part in c.Parts)
            yield return (
                "dataset",
                $"{part.Sha256} ({Lines.Count(part.Examples)} {(part.IsAnchor ? "anchor examples" : "kept")}, round {part.Round})"
            );
        yield return ("method", c.Method == "job" ? "a job of an external trainer" : PolicyWords.MethodOf(c.Plan.Method));
        yield return ("settings", Text($"{PolicyWords.LengthOf(c.Plan)} at {c.Plan.LearningRate}, seed {c.Plan.Seed}"));
        yield return ("training", Training(c.Figures));
        if (c.Gate is { } gate)
        {
            foreach (var line in OfGate(gate, c.Bounds))
                yield return line;
        }

        yield return ("outcome", string.Join("; ", c.Reasons.Prepend(ModelsView.Fate(c))));
    }

    private static IEnumerable<(string, string)> OfGate(GateFigures g, GateBounds b)
    {
        yield return ("held-out", $"{Rise(g.HeldOutBase, g.HeldOut)}{Most(b.HeldOutRise, "0.#%", "rise")}");
        yield return ("anchor", $"{Rise(g.AnchorBase, g.Anchor)}{Most(b.AnchorRise, "0.#%", "rise")}");
        yield return ("drift", $"{Lines.Figure(g.Drift)} bits from generation 0{Most(b.Drift, "0.###", "bits")}");
        yield return ("repeats", $"{Lines.Percent(g.Repeats)} of 4-grams{Most(b.Repeats, "0%", "")}");
    }

    private string Speaks()
    {
        string[] speaks = [.. Target.Instances.Where(l => l.Champion == Target.Id).Select(l => l.Instance)];
        return speaks.Length == 0 ? "no instance" : string.Join(", ", speaks);
    }

    private static string Training(TrainingFigures f) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{f.Examples:N0} {(f.OfPairs ? "pairs" : "examples")}"
                + $"{Reported(f.Passes ?? TrainingFigures.NotTold, f.OfPairs ? "pair passes" : "example passes")}"
                + $"{Reported(f.Tokens, "tokens")}{Reported(f.Steps, "steps")}; loss "
                + $"{ModelsView.Change(f.FirstLoss, f.LastLoss)} nats per {(f.OfPairs ? "pair" : "token")}"
        );

    private static string Reported(long count, string what) => count == TrainingFigures.NotTold ? "" : Text($", {count:N0} {what}");

    private static string Rise(double before, double after) =>
        double.IsNaN(after / before)
            ? "unknown"
            : Text($"{before:0.000} > {after:0.000} nats per token, {after / before - 1:+0.0%;-0.0%;0.0%}");

    private static string Most(double? bound, string format, string of) =>
        bound is { } b ? $"; the gate allows {$"{b.ToString(format, CultureInfo.InvariantCulture)} {of}".TrimEnd()}" : "";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
