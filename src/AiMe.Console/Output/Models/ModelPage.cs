using System.Globalization;
using System.Text.Json;
using AiMe.Console.Commands;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;
using AiMe.Lab.Analysis.Lineage;
using AiMe.Lab.History;
using Spectre.Console.Rendering;

namespace AiMe.Console.Output.Models;

/// <summary>One model on one page.</summary>
/// <param name="Bytes">Of its blob; null where there is none.</param>
internal sealed record ModelPage(ModelTarget Target, long? Bytes)
{
    /// <summary>For people.</summary>
    public IRenderable Render() =>
        Lines.Terms([.. Origin(), ("blob", Bytes is { } b ? $"{Lines.Count(b)} bytes" : "none in this store"), ("speaks for", Speaks())]);

    /// <summary>Where it comes from, without what is of this store and this moment.</summary>
    public IEnumerable<(string Term, string Meaning)> Origin() =>
        [("model", Target.Id.Value), .. Target.Made is { } made ? OfCheckpoint(made) : OfBase()];

    /// <summary>For programs.</summary>
    public void WriteMembers(Utf8JsonWriter json)
    {
        if (Target.Made is not { } c)
        {
            if (Target.Pretrained is { } model)
                ModelsJson.Pretrained(json, model);
            else
                json.WriteString("id", Target.Id.Value);
            json.WriteString("run", Target.Run?.Plan!.Run);
        }
        else
        {
            ModelsJson.Made(json, Target.Instances.First(l => l.Instance == c.Instance), c);
            json.WriteObjects("dataset", c.Parts, p =>
            {
                json.WriteString("sha256", p.Sha256);
                json.WriteString("is", p.IsAnchor ? "anchor" : "kept");
                json.WriteNumber("round", p.Round);
                json.WriteNumber("examples", p.Examples);
            });
            json.WriteNumber("epochs", c.Plan.Epochs);
            json.WriteNumber("learningRate", c.Plan.LearningRate);
            json.WriteString("seed", c.Plan.Seed.ToString());
            WriteMethod(json, c.Plan.Method);
            WriteToldCount(json, "tokens", c.Figures.Tokens);
            WriteToldCount(json, "steps", c.Figures.Steps);
            json.WriteFigure("anchorBefore", c.Gate?.AnchorBase);
            json.WriteFigure("anchorAfter", c.Gate?.Anchor);
            json.WriteFigure("repeats", c.Gate?.Repeats);
        }

        if (Bytes is { } bytes)
            json.WriteNumber("blobBytes", bytes);
        else
            json.WriteNull("blobBytes");
        json.WriteTexts("speaksFor", Target.Instances.Where(l => l.Champion == Target.Id).Select(l => l.Instance));
    }

    private IEnumerable<(string, string)> OfBase()
    {
        yield return (
            "it is",
            Target.Run is { } run ? $"generation 0 of {run.Plan!.Run}" : "a base model that no run of this store has used"
        );
        if (Target.Run?.Plan!.Origin is ModelOrigin.Nano n)
            yield return ("made from", Text($"preset {n.Preset}, {n.Records} records of the corpus {n.Corpus[..12]}, seed {n.Seed}"));
        if (Target.Pretrained is { } model)
            yield return ("training", Text($"{model.Parameters:N0} parameters, loss {model.Loss:0.000} nats per token at its end"));
    }

    private IEnumerable<(string, string)> OfCheckpoint(Checkpoint c)
    {
        var instance = Target.Instances.First(l => l.Instance == c.Instance);
        yield return ("made", $"in round {c.Round} of {instance.Run}/{c.Instance}");
        yield return (
            "parent",
            $"{c.Parent.Value}{(c.Parent == instance.Base ? " (its base)" : instance.Checkpoints.FirstOrDefault(p => p.Id == c.Parent) is { } p ? $" ({p.Place})" : "")}"
        );
        foreach (var part in c.Parts)
            yield return (
                "dataset",
                $"{part.Sha256} ({Lines.Count(part.Examples)} {(part.IsAnchor ? "anchor examples" : "kept")}, round {part.Round})"
            );
        yield return ("method", c.Method == "job" ? "a job of a trainer outside" : PolicyWords.MethodOf(c.Plan.Method));
        yield return (
            "settings",
            Text($"{c.Plan.Epochs} {(c.Plan.Epochs == 1 ? "epoch" : "epochs")} at {c.Plan.LearningRate}, seed {c.Plan.Seed}")
        );
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
        yield return ("drift", $"{Lines.Figure(g.Drift)} bits from birth{Most(b.Drift, "0.###", "bits")}");
        yield return ("repeats", $"{Lines.Percent(g.Repeats)} of 4-grams{Most(b.Repeats, "0%", "")}");
    }

    private string Speaks()
    {
        string[] speaks = [.. Target.Instances.Where(l => l.Champion == Target.Id).Select(l => l.Instance)];
        return speaks.Length == 0 ? "nobody now" : string.Join(", ", speaks);
    }

    private static string Training(TrainingFigures f) =>
        Text(
            $"{f.Examples:N0} {(f.OfPairs ? "pairs" : "examples")}{Told(f.Tokens, "tokens")}{Told(f.Steps, "steps")}; loss {ModelsView.Change(f.FirstLoss, f.LastLoss)} nats per {(f.OfPairs ? "pair" : "token")}"
        );

    private static string Told(long count, string what) => count == TrainingFigures.NotTold ? "" : Text($", {count:N0} {what}");

    private static string Rise(double before, double after) =>
        double.IsNaN(after / before)
            ? "not known"
            : Text($"{before:0.000} > {after:0.000} nats per token, {after / before - 1:+0.0%;-0.0%;0.0%}");

    private static string Most(double? bound, string format, string of) =>
        bound is { } b ? $"; the gate allows {$"{b.ToString(format, CultureInfo.InvariantCulture)} {of}".TrimEnd()}" : "";

    private static void WriteMethod(Utf8JsonWriter json, TrainingMethod? method)
    {
        (int? Rank, double? Alpha, double? Beta) has = method switch
        {
            TrainingMethod.Lora l => (l.Rank, l.Alpha, null),
            TrainingMethod.Dpo d => (d.Rank, d.Alpha, d.Beta),
            _ => (null, null, null),
        };
        json.WriteFigure("rank", has.Rank);
        json.WriteFigure("alpha", has.Alpha);
        json.WriteFigure("beta", has.Beta);
    }

    private static void WriteToldCount(Utf8JsonWriter json, string key, long count)
    {
        if (count == TrainingFigures.NotTold)
            json.WriteNull(key);
        else
            json.WriteNumber(key, count);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
