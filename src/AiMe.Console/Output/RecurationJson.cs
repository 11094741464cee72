using System.Text.Json;
using AiMe.Faculties.Curation;
using AiMe.Lab.Analysis.Recuration;

namespace AiMe.Console.Output;

/// <summary>Instances under several policies as JSON.</summary>
internal static class RecurationJson
{
    /// <summary>Returns one object; the first policy is the recorded one.</summary>
    public static byte[] Of(RecurationReport recuration) =>
        JsonObject.Of(json =>
        {
            json.WriteTexts("lives", recuration.Outcomes[0].Instances.Select(l => $"{l.Instance.Run}/{l.Instance.Instance}"));
            json.WriteNumber("wordBudget", recuration.WordBudget);
            json.WriteTexts("diverged", recuration.Diverged);
            json.WriteObjects("policies", recuration.Outcomes, o => Outcome(json, o));
        });

    private static void Outcome(Utf8JsonWriter json, PolicyOutcome o)
    {
        json.WriteString("policy", o.Policy.Name);
        if (o.Policy.Rules is { } rules)
            json.WriteTexts("rules", rules.Select(r => r.ToString()));
        else
            json.WriteNull("rules");
        json.WriteNumber("judged", o.Judged);
        json.WriteNumber("kept", o.Kept);
        json.WriteFigure("share", o.Share);
        json.WriteFigure("jaccard", o.Jaccard);
        json.WriteNumber("both", o.Both);
        json.WriteNumber("onlyThen", o.OnlyThen);
        json.WriteNumber("onlyNow", o.OnlyNow);
        json.WriteNumber("held", o.Held);
        json.WriteObjects("apart", o.Apart, a =>
        {
            json.WriteString("life", $"{a.Instance.Run}/{a.Instance.Instance}");
            json.WriteTexts("scores", a.Scores.Select(s => s.Text()));
        });
        json.WriteObject("figures", () => Figures(json, s => s.Of(o.Figures)));
        json.WriteNumber("checkable", o.Figures.Problems.Checkable); // denominator of correctness
        json.WriteObject("change", () => Figures(json, s => s.Of(o.Figures) - s.Of(o.Then)));
        json.WriteObjects("lives", o.Instances, l =>
        {
            json.WriteString("life", $"{l.Instance.Run}/{l.Instance.Instance}");
            json.WriteString("variant", l.Instance.Variant);
            json.WriteTexts("kept", l.Kept.Select(c => c.Draft.Id.Value));
        });
    }

    private static void Figures(Utf8JsonWriter json, Func<DatasetFigures.Statistic, double> of)
    {
        foreach (var statistic in DatasetFigures.All)
            json.WriteFigure(statistic.Key, of(statistic));
    }
}
